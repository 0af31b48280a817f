//! Places on earth.

use super::Entry;

const SEARCH: &[(&str, &str)] = &[
    ("M, KM, FT, MI", "the unit of lengths: metres, kilometres, feet, miles"),
    ("FROMMEMBER member", "around a member"),
    ("FROMLONLAT longitude latitude", "around a place"),
    ("BYRADIUS radius unit", "in a circle; units are M, KM, FT, MI"),
    ("BYBOX width height unit", "in a box whose sides lie along the parallels and meridians"),
    ("ASC", "the nearest first"),
    ("DESC", "the farthest first"),
    ("COUNT count", "at most so many members, the nearest of all"),
    ("ANY", "with COUNT: the first that are found, not the nearest"),
    ("WITHCOORD", "also longitude and latitude"),
    ("WITHDIST", "also the distance from the centre, in the unit of the search"),
    ("WITHHASH", "also the score, a geohash of 52 bits"),
];

const RADIUS: &[(&str, &str)] = &[
    ("M, KM, FT, MI", "the unit of lengths: metres, kilometres, feet, miles"),
    ("ASC", "the nearest first"),
    ("DESC", "the farthest first"),
    ("COUNT count", "at most so many members, the nearest of all"),
    ("ANY", "with COUNT: the first that are found, not the nearest"),
    ("WITHCOORD", "also longitude and latitude"),
    ("WITHDIST", "also the distance from the centre, in the unit of the search"),
    ("WITHHASH", "also the score, a geohash of 52 bits"),
    ("STORE key", "stores the members and their places there instead of answering them"),
    ("STOREDIST key", "stores the members there with their distances as scores"),
];

const RADIUS_RO: &[(&str, &str)] = &[
    ("M, KM, FT, MI", "the unit of lengths: metres, kilometres, feet, miles"),
    ("ASC", "the nearest first"),
    ("DESC", "the farthest first"),
    ("COUNT count", "at most so many members, the nearest of all"),
    ("ANY", "with COUNT: the first that are found, not the nearest"),
    ("WITHCOORD", "also longitude and latitude"),
    ("WITHDIST", "also the distance from the centre, in the unit of the search"),
    ("WITHHASH", "also the score, a geohash of 52 bits"),
];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "GEOADD",
        group: "geo",
        arity: Some(-5),
        syntax: "GEOADD key [NX|XX] [CH] longitude latitude member [longitude latitude member ...]",
        summary: "Adds members with their places on earth, or moves them.",
        options: &[
            ("NX", "only members that are not there"),
            ("XX", "only members that are there"),
            ("CH", "answers how many were added or moved, not only added"),
        ],
        complexity: "O(log(N)) for each item added, where N is the number of elements in the sorted set",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEOADD sicily NX CH 13.583333 37.316667 Agrigento",
        ],
        twins: &["ZADD", "createIndex"],
        since: "3.2.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "GEODIST",
        group: "geo",
        arity: Some(-4),
        syntax: "GEODIST key member1 member2 [M|KM|FT|MI]",
        summary: "The distance of two members, in metres or another unit.",
        options: &[("M, KM, FT, MI", "the unit: metres, kilometres, feet, miles")],
        complexity: "O(1)",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEODIST sicily Palermo Catania km",
        ],
        twins: &["$geoNear"],
        since: "3.2.0",
        ..Entry::KV
    },
    Entry {
        name: "GEOHASH",
        group: "geo",
        arity: Some(-2),
        syntax: "GEOHASH key [member [member ...]]",
        summary: "The places of members in the eleven letters of geohash.org.",
        complexity: "O(1) for each member requested",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEOHASH sicily Palermo Catania",
        ],
        since: "3.2.0",
        ..Entry::KV
    },
    Entry {
        name: "GEOPOS",
        group: "geo",
        arity: Some(-2),
        syntax: "GEOPOS key [member [member ...]]",
        summary: "Longitude and latitude of members.",
        complexity: "O(1) for each member requested",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEOPOS sicily Palermo nowhere",
        ],
        since: "3.2.0",
        ..Entry::KV
    },
    Entry {
        name: "GEORADIUS",
        group: "geo",
        arity: Some(-6),
        syntax: "GEORADIUS key longitude latitude radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC] [STORE key|STOREDIST key]",
        summary: "An older form of GEOSEARCH: the members in a circle around a place.",
        options: RADIUS,
        complexity: "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape and M is the number of items inside the shape",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEORADIUS sicily 15 37 100 km WITHDIST ASC",
        ],
        twins: &["GEOSEARCH", "$geoNear"],
        since: "3.2.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "GEORADIUSBYMEMBER",
        group: "geo",
        arity: Some(-5),
        syntax: "GEORADIUSBYMEMBER key member radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC] [STORE key|STOREDIST key]",
        summary: "An older form of GEOSEARCH: the members in a circle around a member.",
        options: RADIUS,
        complexity: "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape and M is the number of items inside the shape",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEORADIUSBYMEMBER sicily Palermo 200 km",
        ],
        twins: &["GEOSEARCH", "$geoNear"],
        since: "3.2.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "GEORADIUSBYMEMBER_RO",
        group: "geo",
        arity: Some(-5),
        syntax: "GEORADIUSBYMEMBER_RO key member radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC]",
        summary: "GEORADIUSBYMEMBER that cannot store.",
        options: RADIUS_RO,
        complexity: "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape and M is the number of items inside the shape",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEORADIUSBYMEMBER_RO sicily Palermo 200 km DESC",
        ],
        twins: &["GEOSEARCH"],
        since: "3.2.10",
        ..Entry::KV
    },
    Entry {
        name: "GEORADIUS_RO",
        group: "geo",
        arity: Some(-6),
        syntax: "GEORADIUS_RO key longitude latitude radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC]",
        summary: "GEORADIUS that cannot store.",
        options: RADIUS_RO,
        complexity: "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape and M is the number of items inside the shape",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEORADIUS_RO sicily 15 37 200 km COUNT 1",
        ],
        twins: &["GEOSEARCH"],
        since: "3.2.10",
        ..Entry::KV
    },
    Entry {
        name: "GEOSEARCH",
        group: "geo",
        arity: Some(-7),
        syntax: "GEOSEARCH key <FROMMEMBER member|FROMLONLAT longitude latitude> <BYRADIUS radius <M|KM|FT|MI>|BYBOX width height <M|KM|FT|MI>> [ASC|DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]",
        summary: "The members in a circle or a box on earth.",
        options: SEARCH,
        complexity: "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape and M is the number of items inside the shape",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km ASC WITHDIST",
            "GEOSEARCH sicily FROMMEMBER Palermo BYBOX 400 400 km COUNT 1",
        ],
        twins: &["$geoNear"],
        since: "6.2.0",
        ..Entry::KV
    },
    Entry {
        name: "GEOSEARCHSTORE",
        group: "geo",
        arity: Some(-8),
        syntax: "GEOSEARCHSTORE destination source <FROMMEMBER member|FROMLONLAT longitude latitude> <BYRADIUS radius <M|KM|FT|MI>|BYBOX width height <M|KM|FT|MI>> [ASC|DESC] [COUNT count [ANY]] [STOREDIST]",
        summary: "Stores the members in a circle or a box under another key.",
        options: &[
            ("M, KM, FT, MI", "the unit of lengths: metres, kilometres, feet, miles"),
            ("FROMMEMBER member", "around a member"),
            ("FROMLONLAT longitude latitude", "around a place"),
            ("BYRADIUS radius unit", "in a circle; units are M, KM, FT, MI"),
            ("BYBOX width height unit", "in a box whose sides lie along the parallels and meridians"),
            ("ASC", "the nearest first"),
            ("DESC", "the farthest first"),
            ("COUNT count", "at most so many members, the nearest of all"),
            ("ANY", "with COUNT: the first that are found, not the nearest"),
            ("STOREDIST", "the scores are the distances from the centre"),
        ],
        complexity: "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape and M is the number of items inside the shape",
        examples: &[
            "GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
            "GEOSEARCHSTORE near sicily FROMLONLAT 15 37 BYRADIUS 100 km STOREDIST",
            "ZRANGE near 0 -1 WITHSCORES",
        ],
        twins: &["$geoNear", "$out"],
        since: "6.2.0",
        writes: true,
        ..Entry::KV
    },
];
