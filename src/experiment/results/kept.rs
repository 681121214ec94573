//! Results read back as they were: what no derived reader can know.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::{StationMap, StationResult};

/// Results are read by the version that wrote them.
pub(super) fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// A number of servers, or a word for no end of them.
pub(super) fn servers<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    from.deserialize_any(Servers)
}

struct Servers;

impl Visitor<'_> for Servers {
    type Value = Option<u64>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number of servers, or \"infinite\"")
    }

    fn visit_u64<E: Error>(self, servers: u64) -> Result<Option<u64>, E> {
        Ok(Some(servers))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Option<u64>, E> {
        Ok(None)
    }
}

impl<'de> Deserialize<'de> for StationMap {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<StationMap, D::Error> {
        from.deserialize_map(Stations)
    }
}

/// Keeps their order, which is not that of the alphabet.
struct Stations;

impl<'de> Visitor<'de> for Stations {
    type Value = StationMap;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stations by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StationMap, A::Error> {
        let mut stations: Vec<(String, StationResult)> = Vec::new();
        while let Some(entry) = map.next_entry()? {
            stations.push(entry);
        }
        Ok(StationMap(stations))
    }
}
