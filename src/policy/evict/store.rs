//! Where policies keep entries: a table of keys, a slab of nodes, and lists that run through it.
//!
//! What is looked at together is kept together. Most requests are hits: in LRU they are about the links of an entry and
//! its neighbours, in SIEVE about its mark. Keys and sizes are looked at when something comes in or goes.

use crate::arena::Arena;
use crate::keymap::KeyMap;

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// What a policy knows of an entry, or of one that was evicted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Node {
    /// A number that the policy keeps for it.
    pub(super) mark: u32,
    /// Which of the policy's lists it is in.
    pub(super) list: u8,
    /// Only its key is remembered: it is not in the cache.
    pub(super) ghost: bool,
}

/// The neighbours of a node in its list: towards the front, and towards the back.
#[derive(Debug, Clone, Copy)]
struct Links {
    before: u32,
    after: u32,
}

/// What came in.
#[derive(Debug, Clone, Copy)]
struct Item {
    key: u64,
    size: u64,
}

/// Entries by key.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    index: KeyMap,
    nodes: Arena<Node>,
    /// By node.
    links: Vec<Links>,
    /// By node.
    items: Vec<Item>,
}

/// A doubly linked list of nodes of one store.
#[derive(Debug, Clone)]
pub(super) struct List {
    first: u32,
    last: u32,
    len: usize,
    used: u64,
}

impl Default for List {
    fn default() -> List {
        List { first: NONE, last: NONE, len: 0, used: 0 }
    }
}

impl List {
    /// The node at the back, or [`NONE`].
    pub(super) fn last(&self) -> u32 {
        self.last
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The sum of sizes.
    pub(super) fn used(&self) -> u64 {
        self.used
    }
}

impl Store {
    /// How many keys there are, with those that are only remembered.
    pub(super) fn known(&self) -> usize {
        self.index.len()
    }

    /// The node of a key, ghost or not.
    #[inline]
    pub(super) fn find(&self, key: u64) -> Option<u32> {
        self.index.get(key)
    }

    /// A new node, in no list.
    #[inline]
    pub(super) fn add(&mut self, key: u64, size: u64) -> u32 {
        let id = self.nodes.insert(Node::default());
        let (links, item) = (Links { before: NONE, after: NONE }, Item { key, size });
        if id as usize == self.items.len() {
            self.links.push(links);
            self.items.push(item);
        } else {
            (self.links[id as usize], self.items[id as usize]) = (links, item);
        }
        self.index.insert(key, id);
        id
    }

    /// Drops a node that is in no list.
    #[inline]
    pub(super) fn forget(&mut self, id: u32) {
        self.index.remove(self.key(id));
        self.nodes.remove(id);
    }

    #[inline]
    pub(super) fn key(&self, id: u32) -> u64 {
        self.items[id as usize].key
    }

    #[inline]
    pub(super) fn size(&self, id: u32) -> u64 {
        self.items[id as usize].size
    }

    /// The node's neighbour towards the front, or [`NONE`].
    #[inline]
    pub(super) fn before(&self, id: u32) -> u32 {
        self.links[id as usize].before
    }

    #[inline]
    pub(super) fn push_front(&mut self, list: &mut List, id: u32) {
        list.len += 1;
        list.used += self.size(id);
        self.link_first(list, id);
    }

    /// Takes out the node at the back of a list that has one.
    #[inline]
    pub(super) fn take_last(&mut self, list: &mut List) -> u32 {
        let last = list.last();
        self.unlink(list, last);
        last
    }

    /// Drops the node at the back of a list that has one, such as its oldest ghost.
    pub(super) fn forget_last(&mut self, list: &mut List) {
        let last = self.take_last(list);
        self.forget(last);
    }

    pub(super) fn push_back(&mut self, list: &mut List, id: u32) {
        list.len += 1;
        list.used += self.size(id);
        self.links[id as usize] = Links { before: list.last, after: NONE };
        match list.last {
            NONE => list.first = id,
            last => self.links[last as usize].after = id,
        }
        list.last = id;
    }

    #[inline]
    pub(super) fn unlink(&mut self, list: &mut List, id: u32) {
        list.len -= 1;
        list.used -= self.size(id);
        self.close_gap(list, id);
    }

    #[inline]
    pub(super) fn move_to_front(&mut self, list: &mut List, id: u32) {
        if list.first != id {
            self.close_gap(list, id);
            self.link_first(list, id);
        }
    }

    #[inline]
    fn link_first(&mut self, list: &mut List, id: u32) {
        self.links[id as usize] = Links { before: NONE, after: list.first };
        match list.first {
            NONE => list.last = id,
            first => self.links[first as usize].before = id,
        }
        list.first = id;
    }

    /// Links the neighbours of a node to each other.
    #[inline]
    fn close_gap(&mut self, list: &mut List, id: u32) {
        let Links { before, after } = self.links[id as usize];
        match before {
            NONE => list.first = after,
            before => self.links[before as usize].after = after,
        }
        match after {
            NONE => list.last = before,
            after => self.links[after as usize].before = before,
        }
    }
}

impl std::ops::Index<u32> for Store {
    type Output = Node;
    #[inline]
    fn index(&self, id: u32) -> &Node {
        &self.nodes[id]
    }
}

impl std::ops::IndexMut<u32> for Store {
    #[inline]
    fn index_mut(&mut self, id: u32) -> &mut Node {
        &mut self.nodes[id]
    }
}
