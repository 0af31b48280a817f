use super::*;
use crate::doc::aggregate::row::Row;
use crate::doc::expression::Metadata;
use bson::{Bson, Document, doc};

const TIGHT: Budget = Budget { bytes: 2000, disk: true };

fn row(number: i32) -> Row {
    let mut row = Row::from(doc! { "n": number, "text": "x".repeat((number % 50) as usize) });
    row.metadata = match number % 3 {
        0 => Metadata::default(),
        1 => Metadata { text_score: Some(f64::from(number)), record: Some(7), ..Metadata::default() },
        _ => Metadata { geo_distance: Some(1.5), geo_point: Some(Bson::Array(vec![1.into()])), ..Metadata::default() },
    };
    row.position = (number % 2 == 1).then_some(number as usize);
    row
}

fn parts(row: Row) -> (Document, Metadata, Option<usize>) {
    (row.document.into_document(), row.metadata, row.position)
}

#[test]
fn runs_are_merged_into_what_memory_would_have_sorted() {
    for count in [0, 1, 10, 1000, 20_000] {
        for limit in [None, Some(0), Some(1), Some(7), Some(900)] {
            for budget in [TIGHT, Budget { bytes: 100 << 20, disk: false }] {
                let mut sorter = Sorter::new("$sort", budget, limit);
                let keys: Vec<u8> = (0..count).map(|n: i32| (n.wrapping_mul(7919) % 97) as u8).collect();
                for (n, key) in keys.iter().enumerate() {
                    sorter.push(&[*key], &row(n as i32)).unwrap();
                }
                let mut expected: Vec<(u8, i32)> = keys.iter().copied().zip(0..).collect();
                expected.sort();
                expected.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
                let mut sorted = sorter.finish().unwrap();
                for (key, number) in expected {
                    let (found, next) = sorted.next().unwrap().unwrap();
                    assert_eq!(found, [key]);
                    assert_eq!(parts(next), parts(row(number)));
                }
                assert!(sorted.next().unwrap().is_none());
            }
        }
    }
}

#[test]
fn spooled_rows_are_read_in_order_and_at_their_places() {
    for budget in [TIGHT, Budget { bytes: 100 << 20, disk: false }] {
        let mut spool = Spool::new("$facet", budget);
        let mut places: Vec<u64> = (0..5000).map(|n| spool.push(&row(n)).unwrap()).collect();
        let mut large = row(1);
        large.document.set("large", Bson::String("y".repeat(1 << 20)));
        places.push(spool.push(&large).unwrap());
        let spooled = spool.finish().unwrap();
        for _ in 0..2 {
            let mut rows = spooled.rows();
            for n in 0..5000 {
                assert_eq!(parts(rows.next().unwrap().unwrap()), parts(row(n)));
            }
            assert_eq!(parts(rows.next().unwrap().unwrap()), parts(large.clone()));
            assert!(rows.next().unwrap().is_none());
        }
        for n in [4999, 0, 17, 2500] {
            assert_eq!(parts(spooled.at(places[n as usize]).unwrap()), parts(row(n)));
        }
        assert_eq!(parts(spooled.at(places[5000]).unwrap()), parts(large));
    }
}

#[test]
fn without_the_disk_there_is_an_error() {
    let tight = Budget { disk: false, ..TIGHT };
    let mut sorter = Sorter::new("$sort", tight, None);
    let error = (0..1000).find_map(|n| sorter.push(&[1], &row(n)).err()).unwrap();
    assert_eq!(error.code.number(), Some(292));
    // A limit keeps memory small by itself.
    let mut sorter = Sorter::new("$sort", Budget { bytes: 20_000, disk: false }, Some(5));
    (0..10_000).for_each(|n| sorter.push(&[1], &row(n)).unwrap());
    let mut spool = Spool::new("$facet", tight);
    assert!((0..1000).any(|n| spool.push(&row(n)).is_err()));
}
