//! An index answers what a scan answers: random documents, indexes, filters and sorts.

use super::*;
use crate::doc::catalog;
use crate::doc::collection::Collection;
use crate::doc::expression::Metadata;
use crate::storage::{Options, Store, Transaction, Write};
use bson::{bson, doc};
use proptest::prelude::*;

fn collection(tx: &mut Transaction, documents: &[Document], indexes: &[(Document, Document)]) -> CollectionInfo {
    let mut collection = Collection::open_or_create(tx, 1, "test", "c").unwrap();
    let (before, after) = documents.split_at(documents.len() / 2);
    for (at, document) in before.iter().enumerate() {
        insert(&mut collection, tx, at, document);
    }
    // Half of the entries are built, half are added one by one.
    for (pattern, options) in indexes {
        let id = catalog::next_index_number(tx).unwrap();
        collection.build_index(tx, Index::new(id, pattern, options).unwrap()).unwrap();
    }
    for (at, document) in after.iter().enumerate() {
        insert(&mut collection, tx, before.len() + at, document);
    }
    collection.close(tx).unwrap();
    catalog::find(tx, 1, "c").unwrap().unwrap()
}

fn insert(collection: &mut Collection, tx: &mut Transaction, at: usize, document: &Document) {
    let mut document = document.clone();
    document.insert("_id", i32::try_from(at).unwrap());
    // A document with parallel arrays has no place in a compound index.
    let fits = collection.info.indexes.iter().all(|index| index.entries(&document).is_ok());
    if fits {
        collection.insert(tx, document).unwrap();
    }
}

fn ids(
    tx: &Transaction,
    info: &CollectionInfo,
    filter: &Filter,
    sort: Option<&SortSpec>,
    hint: Option<&Hint>,
) -> (Plan, Vec<Document>) {
    let plan = choose(info, filter, sort, hint).unwrap();
    let mut search = Search::new(info, plan.clone(), filter.clone(), None);
    let mut found = Vec::new();
    while let Some(matched) = search.next(tx).unwrap() {
        found.push(matched.document.into_document());
    }
    (plan, found)
}

fn scalar() -> impl Strategy<Value = Bson> {
    prop_oneof![
        (-3i32..4).prop_map(Bson::Int32),
        (-3i64..4).prop_map(Bson::Int64),
        prop::sample::select(vec![-1.5, 0.5, 2.0, f64::NAN]).prop_map(Bson::Double),
        prop::sample::select(vec!["", "a", "ab", "b"]).prop_map(|text| Bson::String(text.to_owned())),
        Just(Bson::Null),
        any::<bool>().prop_map(Bson::Boolean),
        (-2i64..3).prop_map(|ms| Bson::DateTime(bson::DateTime::from_millis(ms))),
    ]
}

fn value() -> impl Strategy<Value = Bson> {
    let leaf = scalar();
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            3 => scalar(),
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Bson::Array),
            1 => prop::collection::vec(("[ab]", inner), 0..3).prop_map(|fields| Bson::Document(fields.into_iter().collect())),
        ]
    })
}

fn document() -> impl Strategy<Value = Document> {
    prop::collection::vec(("[abc]", value()), 0..4).prop_map(|fields| fields.into_iter().collect())
}

fn condition() -> impl Strategy<Value = Bson> {
    prop_oneof![
        2 => value(),
        2 => (prop::sample::select(vec!["$eq", "$gt", "$gte", "$lt", "$lte", "$ne"]), scalar()).prop_map(|(operator, operand)| bson!({ operator: operand })),
        1 => (scalar(), scalar()).prop_map(|(low, high)| bson!({ "$gte": low, "$lt": high })),
        1 => prop::collection::vec(scalar(), 0..4).prop_map(|values| bson!({ "$in": values })),
        1 => any::<bool>().prop_map(|exists| bson!({ "$exists": exists })),
        1 => Just(bson!({ "$regex": "^a" })),
        1 => (scalar(), scalar()).prop_map(|(low, high)| bson!({ "$elemMatch": { "$gte": low, "$lte": high } })),
        1 => scalar().prop_map(|operand| bson!({ "$elemMatch": { "b": operand } })),
        1 => scalar().prop_map(|operand| bson!({ "$not": { "$gt": operand } })),
    ]
}

fn path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "a.b", "b.a", "a.0"])
}

fn filter() -> impl Strategy<Value = Document> {
    prop::collection::vec((path(), condition()), 0..3)
        .prop_map(|fields| fields.into_iter().map(|(path, condition)| (path.to_owned(), condition)).collect())
}

fn direction() -> impl Strategy<Value = i32> {
    prop::sample::select(vec![1, -1])
}

fn pattern() -> impl Strategy<Value = (Document, Document)> {
    (prop::collection::vec((path(), direction()), 1..3), any::<bool>()).prop_map(|(fields, sparse)| {
        let pattern: Document =
            fields.into_iter().map(|(path, direction)| (path.to_owned(), Bson::Int32(direction))).collect();
        (
            pattern,
            if sparse {
                doc! { "sparse": true }
            } else {
                doc! {}
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn an_index_answers_what_a_scan_answers(
        documents in prop::collection::vec(document(), 0..14),
        indexes in prop::collection::vec(pattern(), 1..3),
        filters in prop::collection::vec(filter(), 1..6),
        sort in prop::collection::vec((path(), direction()), 0..3),
    ) {
        let store = Store::in_memory(Options::default()).unwrap();
        let mut tx = store.begin().unwrap();
        let mut distinct: Vec<(Document, Document)> = Vec::new();
        for (pattern, options) in indexes {
            if !distinct.iter().any(|(known, _)| *known == pattern) {
                distinct.push((pattern, options));
            }
        }
        // Documents that no index takes are left out before an index is built over them.
        let probes: Vec<Index> = distinct.iter().map(|(pattern, options)| Index::new(0, pattern, options).unwrap()).collect();
        let documents: Vec<Document> =
            documents.into_iter().filter(|document| probes.iter().all(|index| index.entries(document).is_ok())).collect();
        let info = collection(&mut tx, &documents, &distinct);
        let sort: Document = sort.into_iter().map(|(path, direction)| (path.to_owned(), Bson::Int32(direction))).collect();
        let sort = SortSpec::new(&sort).unwrap();
        for source in filters {
            let Ok(filter) = Filter::new(&source) else { continue };
            let by_id = |found: &[Document]| {
                let mut ids: Vec<i32> = found.iter().map(|document| document.get_i32("_id").unwrap()).collect();
                ids.sort_unstable();
                ids
            };
            let (_, scanned) = ids(&tx, &info, &filter, None, Some(&Hint::Natural(false)));
            let (plan, indexed) = ids(&tx, &info, &filter, None, None);
            prop_assert_eq!(by_id(&scanned), by_id(&indexed), "filter {} with plan {:?}", source, plan);
            let (plan, sorted) = ids(&tx, &info, &filter, Some(&sort), None);
            prop_assert_eq!(by_id(&scanned), by_id(&sorted), "sorted, filter {} with plan {:?}", source, plan);
            if plan.sorted {
                for pair in sorted.windows(2) {
                    prop_assert!(sort.key(&pair[0], &Metadata::default()).unwrap() <= sort.key(&pair[1], &Metadata::default()).unwrap(), "order of {:?} with plan {:?}", pair, plan);
                }
            }
        }
        let _ = tx.as_read();
    }
}
