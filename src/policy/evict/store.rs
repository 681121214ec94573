//! Where policies keep entries: a table of keys, a slab of nodes, and lists that run through it.

use crate::arena::Arena;
use crate::keymap::KeyMap;

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// An entry, or the memory of one that was evicted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) key: u64,
    pub(super) size: u64,
    /// Neighbour towards the front of its list.
    before: u32,
    /// Neighbour towards the back of its list.
    after: u32,
    /// A number that the policy keeps for it.
    pub(super) mark: u32,
    /// Which of the policy's lists it is in.
    pub(super) list: u8,
    /// Only its key is remembered: it is not in the cache.
    pub(super) ghost: bool,
}

/// Entries by key.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    index: KeyMap,
    nodes: Arena<Node>,
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
    /// The node of a key, ghost or not.
    #[inline]
    pub(super) fn find(&self, key: u64) -> Option<u32> {
        self.index.get(key)
    }

    /// A new node, in no list.
    #[inline]
    pub(super) fn add(&mut self, key: u64, size: u64) -> u32 {
        let id = self.nodes.insert(Node { key, size, before: NONE, after: NONE, mark: 0, list: 0, ghost: false });
        self.index.insert(key, id);
        id
    }

    /// Drops a node that is in no list.
    #[inline]
    pub(super) fn forget(&mut self, id: u32) {
        self.index.remove(self.nodes[id].key);
        self.nodes.remove(id);
    }

    /// The node's neighbour towards the front, or [`NONE`].
    #[inline]
    pub(super) fn before(&self, id: u32) -> u32 {
        self.nodes[id].before
    }

    #[inline]
    pub(super) fn push_front(&mut self, list: &mut List, id: u32) {
        let node = &mut self.nodes[id];
        (node.before, node.after) = (NONE, list.first);
        list.len += 1;
        list.used += node.size;
        match list.first {
            NONE => list.last = id,
            first => self.nodes[first].before = id,
        }
        list.first = id;
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
        let node = &mut self.nodes[id];
        (node.before, node.after) = (list.last, NONE);
        list.len += 1;
        list.used += node.size;
        match list.last {
            NONE => list.first = id,
            last => self.nodes[last].after = id,
        }
        list.last = id;
    }

    #[inline]
    pub(super) fn unlink(&mut self, list: &mut List, id: u32) {
        let Node { before, after, size, .. } = self.nodes[id];
        list.len -= 1;
        list.used -= size;
        match before {
            NONE => list.first = after,
            before => self.nodes[before].after = after,
        }
        match after {
            NONE => list.last = before,
            after => self.nodes[after].before = before,
        }
    }

    #[inline]
    pub(super) fn move_to_front(&mut self, list: &mut List, id: u32) {
        if list.first != id {
            self.unlink(list, id);
            self.push_front(list, id);
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
