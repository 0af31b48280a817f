//! An index answers what a scan answers: random documents, indexes of every kind, filters, sorts and projections.

use super::*;
use crate::doc::Context;
use crate::doc::catalog::{self, CollectionInfo};
use crate::doc::collection::Collection;
use crate::doc::expression::{Metadata, Variables};
use crate::doc::projection::Projection;
use crate::doc::query::Filter;
use crate::doc::sort::SortSpec;
use crate::storage::{Options, Store, Transaction};
use crate::value::collation::Collation;
use bson::{bson, doc};
use proptest::prelude::*;
use std::collections::BTreeMap;

pub(in crate::doc) fn collection(
    tx: &mut Transaction,
    documents: &[Document],
    indexes: &[(Document, Document)],
) -> CollectionInfo {
    let memory = crate::doc::Memory::default();
    let cx = &mut Context::of_tests(tx, &memory);
    let mut collection = Collection::open_or_create(cx, "c").unwrap();
    let (before, after) = documents.split_at(documents.len() / 2);
    for (at, document) in before.iter().enumerate() {
        insert(&mut collection, cx, at, document);
    }
    // Half of the entries are built, half are added one by one.
    for (pattern, options) in indexes {
        let id = catalog::next_index_number(cx.tx).unwrap();
        collection.build_index(cx, Index::new(id, pattern, options).unwrap()).unwrap();
    }
    for (at, document) in after.iter().enumerate() {
        insert(&mut collection, cx, before.len() + at, document);
    }
    collection.close(cx).unwrap();
    catalog::find(cx.tx.as_read(), 1, "c").unwrap().unwrap()
}

fn insert(collection: &mut Collection, cx: &mut Context<'_>, at: usize, document: &Document) {
    let mut document = document.clone();
    document.insert("_id", i32::try_from(at).unwrap());
    // A document with parallel arrays has no place in a compound index.
    let fits = collection.info.indexes.iter().all(|index| index.entries(&document).is_ok());
    if fits {
        collection.insert(cx, document).unwrap();
    }
}

/// The plan, and the documents it finds, projected.
fn answers(tx: &Transaction, info: &CollectionInfo, request: &Request<'_>) -> (Plan, Vec<Document>) {
    let plan = choose(tx, info, request).unwrap();
    let mut search = Search::new(info, plan.clone(), request.filter.clone(), None);
    let mut found = Vec::new();
    while let Some(matched) = search.next(tx).unwrap() {
        found.push(match request.shown {
            Shown::Projected(projection) => {
                projection.apply(&matched.document, matched.position, &Variables::new(0)).unwrap()
            }
            _ => matched.document.into_document(),
        });
    }
    (plan, found)
}

fn sorted_texts(documents: &[Document]) -> Vec<String> {
    let mut texts: Vec<String> = documents.iter().map(|document| format!("{document:?}")).collect();
    texts.sort_unstable();
    texts
}

fn scalar() -> impl Strategy<Value = Bson> {
    prop_oneof![
        (-3i32..4).prop_map(Bson::Int32),
        (-3i64..4).prop_map(Bson::Int64),
        prop::sample::select(vec![-1.5, 0.5, 2.0, f64::NAN]).prop_map(Bson::Double),
        prop::sample::select(vec!["", "a", "ab", "b", "A", "á", "B"]).prop_map(|text| Bson::String(text.to_owned())),
        Just(Bson::Null),
        any::<bool>().prop_map(Bson::Boolean),
        (-2i64..3).prop_map(|ms| Bson::DateTime(bson::DateTime::from_millis(ms))),
    ]
}

pub(in crate::doc) fn value() -> impl Strategy<Value = Bson> {
    let leaf = scalar();
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            3 => scalar(),
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Bson::Array),
            1 => prop::collection::vec(("[ab]", inner), 0..3).prop_map(|fields| Bson::Document(fields.into_iter().collect())),
        ]
    })
}

pub(in crate::doc) fn document() -> impl Strategy<Value = Document> {
    prop::collection::vec(("[abc]", value()), 0..4).prop_map(|fields| fields.into_iter().collect())
}

/// Documents without arrays, so that indexes stay plain and may cover.
fn flat_document() -> impl Strategy<Value = Document> {
    prop::collection::vec(("[abc]", scalar()), 0..4).prop_map(|fields| fields.into_iter().collect())
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

fn conditions() -> impl Strategy<Value = Document> {
    prop::collection::vec((path(), condition()), 0..3)
        .prop_map(|fields| fields.into_iter().map(|(path, condition)| (path.to_owned(), condition)).collect())
}

fn filter() -> impl Strategy<Value = Document> {
    prop_oneof![
        3 => conditions(),
        1 => prop::collection::vec(conditions(), 1..4).prop_map(|branches| doc! { "$or": branches }),
        1 => (conditions(), prop::collection::vec(conditions(), 1..3)).prop_map(|(mut all, branches)| {
            all.insert("$or", branches);
            all
        }),
        1 => prop::collection::vec(conditions(), 1..3).prop_map(|parts| doc! { "$and": parts }),
    ]
}

fn direction() -> impl Strategy<Value = i32> {
    prop::sample::select(vec![1, -1])
}

fn collation() -> impl Strategy<Value = Option<Document>> {
    prop_oneof![
        3 => Just(None),
        2 => Just(Some(doc! { "locale": "en", "strength": 2 })),
        1 => Just(Some(doc! { "locale": "en", "strength": 1 })),
        1 => Just(Some(doc! { "locale": "en" })),
    ]
}

fn options() -> impl Strategy<Value = Document> {
    prop_oneof![
        4 => Just(doc! {}),
        1 => Just(doc! { "sparse": true }),
        2 => collation().prop_map(|collation| match collation {
            Some(collation) => doc! { "collation": collation },
            None => doc! {},
        }),
        1 => (path(), prop::sample::select(vec!["$gt", "$gte", "$lt", "$lte", "$eq"]), scalar()).prop_map(|(path, operator, operand)| {
            let mut condition = Document::new();
            condition.insert(operator, operand);
            let mut partial = Document::new();
            partial.insert(path, condition);
            doc! { "partialFilterExpression": partial }
        }),
        1 => path().prop_map(|path| {
            let mut partial = Document::new();
            partial.insert(path, doc! { "$exists": true });
            doc! { "partialFilterExpression": partial }
        }),
    ]
}

fn index() -> impl Strategy<Value = (Document, Document)> {
    let keys = prop::collection::vec((path(), direction()), 1..3).prop_map(|fields| -> Document {
        fields.into_iter().map(|(path, direction)| (path.to_owned(), Bson::Int32(direction))).collect()
    });
    prop_oneof![
        6 => (keys, options()),
        1 => (path(), collation()).prop_map(|(path, collation)| {
            let mut pattern = Document::new();
            pattern.insert(path, "hashed");
            (pattern, collation.map_or_else(Document::new, |collation| doc! { "collation": collation }))
        }),
        1 => collation().prop_map(|collation| {
            (doc! { "$**": 1 }, collation.map_or_else(Document::new, |collation| doc! { "collation": collation }))
        }),
        1 => prop::sample::select(vec![("$**", doc! {}), ("a.$**", doc! {}), ("$**", doc! { "wildcardProjection": { "b": 0 } }), ("$**", doc! { "wildcardProjection": { "a": 1, "_id": 1 } })])
            .prop_map(|(path, options)| {
                let mut pattern = Document::new();
                pattern.insert(path, 1);
                (pattern, options)
            }),
    ]
}

/// Indexes of different patterns, and the documents that all of them take.
fn fitting(indexes: Vec<(Document, Document)>, documents: Vec<Document>) -> (Vec<(Document, Document)>, Vec<Document>) {
    let mut distinct: Vec<(Document, Document)> = Vec::new();
    for (pattern, options) in indexes {
        if !distinct.iter().any(|(known, _)| *known == pattern) {
            distinct.push((pattern, options));
        }
    }
    let probes: Vec<Index> =
        distinct.iter().map(|(pattern, options)| Index::new(0, pattern, options).unwrap()).collect();
    let documents =
        documents.into_iter().filter(|document| probes.iter().all(|index| index.entries(document).is_ok())).collect();
    (distinct, documents)
}

/// Documents made of keys have their fields in the order of the index.
fn fields_sorted(documents: Vec<Document>) -> Vec<Document> {
    let sorted = |document: Document| document.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect();
    documents.into_iter().map(sorted).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn an_index_answers_what_a_scan_answers(
        documents in prop::collection::vec(document(), 0..14),
        indexes in prop::collection::vec(index(), 1..4),
        filters in prop::collection::vec(filter(), 1..6),
        sort in prop::collection::vec((path(), direction()), 0..3),
        collation in collation(),
    ) {
        let collation = collation.and_then(|spec| Collation::new(&spec).unwrap());
        let variables = Variables::new(0).with_collation(collation.clone());
        let store = Store::in_memory(Options::default()).unwrap();
        let mut tx = store.begin().unwrap();
        let (indexes, documents) = fitting(indexes, documents);
        let info = collection(&mut tx, &documents, &indexes);
        let sort: Document = sort.into_iter().map(|(path, direction)| (path.to_owned(), Bson::Int32(direction))).collect();
        let sort = SortSpec::new(&sort).unwrap().collated(collation.as_ref());
        for source in filters {
            let Ok(filter) = Filter::new(&source) else { continue };
            let filter = filter.with_variables(variables.clone());
            let scanned = answers(&tx, &info, &Request { hint: Some(&Hint::Natural(false)), ..Request::new(&filter) }).1;
            let (plan, indexed) = answers(&tx, &info, &Request::new(&filter));
            prop_assert_eq!(sorted_texts(&scanned), sorted_texts(&indexed), "filter {} with plan {:?}", source, plan);
            let (plan, counted) = answers(&tx, &info, &Request { shown: Shown::Nothing, ..Request::new(&filter) });
            prop_assert_eq!(scanned.len(), counted.len(), "counted, filter {} with plan {:?}", source, plan);
            for limited in [false, true] {
                let (plan, sorted) = answers(&tx, &info, &Request { sort: Some(&sort), limited, ..Request::new(&filter) });
                prop_assert_eq!(sorted_texts(&scanned), sorted_texts(&sorted), "sorted, filter {} with plan {:?}", source, plan);
                if plan.sorted {
                    for pair in sorted.windows(2) {
                        let key = |document: &Document| sort.key(document, &Metadata::default()).unwrap();
                        prop_assert!(key(&pair[0]) <= key(&pair[1]), "order of {:?} with plan {:?}", pair, plan);
                    }
                }
            }
        }
    }

    #[test]
    fn keys_answer_what_documents_answer(
        documents in prop::collection::vec(flat_document(), 0..14),
        indexes in prop::collection::vec(index(), 1..4),
        filters in prop::collection::vec(filter(), 1..6),
        shown in prop::collection::vec("[abc]", 1..3),
        id in any::<bool>(),
        collation in collation(),
    ) {
        let collation = collation.and_then(|spec| Collation::new(&spec).unwrap());
        let variables = Variables::new(0).with_collation(collation);
        let store = Store::in_memory(Options::default()).unwrap();
        let mut tx = store.begin().unwrap();
        let (indexes, documents) = fitting(indexes, documents);
        let info = collection(&mut tx, &documents, &indexes);
        let mut projection: Document = shown.into_iter().map(|path| (path, Bson::Int32(1))).collect();
        if !id {
            projection.insert("_id", 0);
        }
        let projection = Projection::new(&projection).unwrap();
        for source in filters {
            let Ok(filter) = Filter::new(&source) else { continue };
            let filter = filter.with_variables(variables.clone());
            let request = Request { shown: Shown::Projected(&projection), ..Request::new(&filter) };
            let scanned = answers(&tx, &info, &Request { hint: Some(&Hint::Natural(false)), ..request }).1;
            let (plan, covered) = answers(&tx, &info, &request);
            let (scanned, covered) = (fields_sorted(scanned), fields_sorted(covered));
            prop_assert_eq!(sorted_texts(&scanned), sorted_texts(&covered), "filter {} with plan {:?}", source, plan);
        }
    }
}

/// A place: a pair, a GeoJSON point, a short line or a small square.
fn place() -> impl Strategy<Value = Bson> {
    (-170.0f64..170.0, -80.0f64..80.0, 0.001f64..8.0, 0..5u8).prop_map(|(x, y, size, kind)| match kind {
        0 => bson!([x, y]),
        1 => bson!({ "lng": x, "lat": y }),
        2 => bson!({ "type": "LineString", "coordinates": [[x, y], [x + size, y + size / 2.0]] }),
        3 => bson!({ "type": "Polygon", "coordinates": [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]] }),
        _ => bson!({ "type": "Point", "coordinates": [x, y] }),
    })
}

fn area() -> impl Strategy<Value = Document> {
    (-150.0f64..150.0, -60.0f64..60.0, 1.0f64..25.0, 0..4u8).prop_map(|(x, y, size, kind)| {
        let ring = bson!([[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]);
        match kind {
            0 => doc! { "$geoWithin": { "$centerSphere": [[x, y], size.to_radians()] } },
            1 => doc! { "$geoWithin": { "$geometry": { "type": "Polygon", "coordinates": [ring] } } },
            2 => doc! { "$geoIntersects": { "$geometry": { "type": "Polygon", "coordinates": [ring] } } },
            _ => doc! { "$geoWithin": { "$box": [[x, y], [x + size, y + size]] } },
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn cells_answer_what_a_scan_answers(
        places in prop::collection::vec((place(), 0..3i32), 0..120),
        areas in prop::collection::vec(area(), 1..6),
        (x, y) in (-170.0f64..170.0, -80.0f64..80.0),
        compound in any::<bool>(),
    ) {
        let store = Store::in_memory(Options::default()).unwrap();
        let mut tx = store.begin().unwrap();
        let documents: Vec<Document> = places.into_iter().map(|(place, kind)| doc! { "at": place, "kind": kind }).collect();
        let pattern = if compound { doc! { "kind": 1, "at": "2dsphere" } } else { doc! { "at": "2dsphere" } };
        let info = collection(&mut tx, &documents, &[(pattern, doc! {})]);
        let points: Vec<Document> = documents.iter().filter(|document| document.get_array("at").is_ok()).cloned().collect();
        let other = Store::in_memory(Options::default()).unwrap();
        let mut flat_tx = other.begin().unwrap();
        let flat = collection(&mut flat_tx, &points, &[(doc! { "at": "2d" }, doc! {})]);
        for condition in areas {
            let source = doc! { "at": condition, "kind": 1 };
            let filter = Filter::new(&source).unwrap();
            for (tx, info) in [(&tx, &info), (&flat_tx, &flat)] {
                let scanned = answers(tx, info, &Request { hint: Some(&Hint::Natural(false)), ..Request::new(&filter) }).1;
                let (plan, indexed) = answers(tx, info, &Request::new(&filter));
                prop_assert_eq!(sorted_texts(&scanned), sorted_texts(&indexed), "filter {} with plan {:?}", source, plan);
            }
        }
        // The nearest first, each once, and none left out.
        let source = doc! { "at": { "$near": { "$geometry": { "type": "Point", "coordinates": [x, y] }, "$maxDistance": 5_000_000 } }, "kind": 1 };
        let filter = Filter::of_query(&source).unwrap();
        let mut search = Search::new(&info, choose(&tx, &info, &Request::new(&filter)).unwrap(), filter.clone(), None);
        let (mut found, mut distances) = (Vec::new(), Vec::new());
        while let Some(matched) = search.next(&tx).unwrap() {
            distances.push(matched.metadata.geo_distance.unwrap());
            found.push(matched.document.into_document());
        }
        prop_assert!(distances.windows(2).all(|pair| pair[0] <= pair[1]));
        let mut all = Vec::new();
        let mut scan = Search::of_all(&info).unwrap();
        while let Some(matched) = scan.next(&tx).unwrap() {
            if filter.matches(&matched.document).unwrap() {
                all.push(matched.document.into_document());
            }
        }
        prop_assert_eq!(sorted_texts(&all), sorted_texts(&found));
    }

    #[test]
    fn terms_answer_what_a_scan_answers(
        texts in prop::collection::vec((prop::collection::vec(prop::sample::select(vec!["red", "reds", "Green", "blue-green", "the", "houses", "house"]), 0..6), 0..2i32), 0..20),
        search in prop::collection::vec(prop::sample::select(vec!["red", "green", "house", "-blue", "\"green house\"", "-\"red house\"", "of"]), 1..4),
        compound in any::<bool>(),
    ) {
        let store = Store::in_memory(Options::default()).unwrap();
        let mut tx = store.begin().unwrap();
        let documents: Vec<Document> = texts.into_iter().map(|(words, kind)| doc! { "t": words.join(" "), "kind": kind }).collect();
        let pattern = if compound { doc! { "kind": 1, "t": "text" } } else { doc! { "t": "text" } };
        let info = collection(&mut tx, &documents, &[(pattern, doc! {})]);
        let crate::doc::index::Kind::Text { weights, .. } = &info.indexes[1].kind else { panic!("no text index") };
        let source = doc! { "$text": { "$search": search.join(" ") }, "kind": 1 };
        let filter = Filter::of_query(&source).unwrap();
        let Some(crate::doc::query::Search::Text(text)) = filter.search() else { panic!("no search") };
        let terms = text.terms(weights);
        let mut expected: Vec<String> = Vec::new();
        for (at, document) in documents.iter().enumerate() {
            let scores = weights.scores(document.into());
            let score: f64 = terms.wanted.iter().filter_map(|term| scores.get(term)).sum();
            if document.get("kind") == Some(&Bson::Int32(1)) && score > 0.0 && terms.hold(document.into(), weights) {
                expected.push(format!("{at} {score:.9}"));
            }
        }
        let mut search = Search::new(&info, choose(&tx, &info, &Request::new(&filter)).unwrap(), filter.clone(), None);
        let mut found = Vec::new();
        while let Some(matched) = search.next(&tx).unwrap() {
            let id = matched.document.get("_id").unwrap().number().unwrap();
            found.push(format!("{id} {:.9}", matched.metadata.text_score.unwrap()));
        }
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(expected, found);
    }
}
