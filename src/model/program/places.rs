//! Where ops happen, and which servers of a station they are about.

/// Which servers of a station are taken away or given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// All of them.
    All,
    /// One: an idle one if there is one, or else any.
    One,
    /// The one that has been idle longest.
    Idle,
    /// The one that has been idle longest, for its vacation.
    Vacation,
    /// One that has been set up.
    SetUp,
    /// The whole node that the station is part of, with all that it was doing.
    Crash,
}

/// Something that goes on beside the requests for the whole run: what happens to the servers of a station.
#[derive(Debug, Clone, Copy)]
pub struct Daemon {
    /// Its routine.
    pub routine: u32,
    /// How many of them each station of the group has.
    pub copies: u32,
}

/// A station: the same for every replica of the component, or one a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u32);

const PER_REPLICA: u32 = 1 << 31;

impl Place {
    /// One station, whichever replica the request is at.
    pub fn shared(station: u32) -> Place {
        Place(station)
    }

    /// The station of the request's replica, the first of which is this.
    pub fn per_replica(first: u32) -> Place {
        Place(first | PER_REPLICA)
    }

    /// The station, for a request at this replica.
    #[inline]
    pub fn station(self, replica: u32) -> u32 {
        if self.0 & PER_REPLICA == 0 { self.0 } else { (self.0 ^ PER_REPLICA) + replica }
    }
}
