//! Clauses, functions and procedures of the graph language.

use super::{Entry, Kind};

const CLAUSE: Entry = Entry::GRAPH;
const WRITES: Entry = Entry { writes: true, ..Entry::GRAPH };
const FUNCTION: Entry = Entry { kind: Kind::Function, ..Entry::GRAPH };

/// Kind, group, name and syntax; summary; examples and twins.
macro_rules! entries {
    ($($kind:ident $group:literal $name:literal $syntax:literal $summary:literal $examples:tt $twins:tt;)*) => {
        &[$(Entry {
            name: $name,
            group: $group,
            syntax: $syntax,
            summary: $summary,
            examples: &$examples,
            twins: &$twins,
            ..$kind
        }),*]
    };
}

/// By group, then by name.
pub const ENTRIES: &[Entry] = entries! {
    CLAUSE "reading" "MATCH" "MATCH pattern, … [WHERE condition]"
        "One row for each place where the patterns fit the graph."
        ["CREATE (:Person {name: 'Ann'})-[:KNOWS]->(:Person {name: 'Bob'});",
         "MATCH (a:Person)-[:KNOWS]->(b) RETURN a.name, b.name;"] ["find", "$match", "HGETALL"];
    CLAUSE "reading" "OPTIONAL MATCH" "OPTIONAL MATCH pattern, … [WHERE condition]"
        "Like MATCH, but a row for which nothing fits stays, with nulls."
        ["OPTIONAL MATCH (a:Nobody) RETURN a;"] ["$lookup"];
    CLAUSE "reading" "WHERE" "WHERE condition"
        "Keeps the rows for which the condition is true; it belongs to the MATCH, WITH or YIELD before it."
        ["MATCH (n) WHERE n.age > 30 RETURN n;"] ["$match"];
    CLAUSE "reading" "UNWIND" "UNWIND list AS variable"
        "One row for each element of a list."
        ["UNWIND [1, 2, 3] AS x RETURN x * x;"] ["$unwind"];
    CLAUSE "reading" "LOAD CSV" "LOAD CSV [WITH HEADERS] FROM url AS row [FIELDTERMINATOR char]"
        "One row for each record of a local CSV file: a list, or with WITH HEADERS a map; an empty field is null. linenumber() and file() tell where it stands; so does an error."
        [] [];
    CLAUSE "projecting" "WITH" "WITH [DISTINCT] items [ORDER BY …] [SKIP n] [LIMIT n] [WHERE condition]"
        "Hands rows on to the next clauses: only the named columns stay; aggregates group by the other columns."
        ["UNWIND [1, 2, 3] AS x WITH x, x * x AS square WHERE square > 1 RETURN square;"] ["$project", "$group"];
    CLAUSE "projecting" "RETURN" "RETURN [DISTINCT] items [ORDER BY …] [SKIP n] [LIMIT n]"
        "The columns of the answer; aggregates group by the other columns."
        ["RETURN 1 + 1 AS two, 'a' AS text;"] ["$project"];
    CLAUSE "projecting" "ORDER BY" "ORDER BY expression [ASC | DESC], …"
        "Sorts the rows of a WITH or RETURN."
        ["UNWIND [2, 1, 3] AS x RETURN x ORDER BY x DESC;"] ["sort", "$sort"];
    CLAUSE "projecting" "SKIP" "SKIP count"
        "Leaves the first rows of a WITH or RETURN out; also OFFSET."
        ["UNWIND [1, 2, 3] AS x RETURN x SKIP 1;"] ["skip", "$skip"];
    CLAUSE "projecting" "LIMIT" "LIMIT count"
        "Keeps the first rows of a WITH or RETURN."
        ["UNWIND [1, 2, 3] AS x RETURN x LIMIT 1;"] ["limit", "$limit"];
    CLAUSE "projecting" "UNION" "query UNION [ALL] query"
        "The rows of two queries with the same columns; without ALL each once."
        ["RETURN 1 AS x UNION RETURN 2 AS x;"] ["$unionWith"];
    WRITES "writing" "CREATE" "CREATE pattern, …"
        "Makes the nodes and relationships of the patterns, for each row."
        ["CREATE (a:Person {name: 'Ada'})-[:KNOWS {since: 1833}]->(b:Person {name: 'Charles'});"] ["insertOne"];
    WRITES "writing" "MERGE" "MERGE pattern [ON CREATE SET …] [ON MATCH SET …]"
        "Finds the whole pattern, or makes the whole pattern."
        ["MERGE (a:Person {name: 'Ada'}) ON CREATE SET a.visits = 1 ON MATCH SET a.visits = a.visits + 1;"]
        ["updateOne"];
    WRITES "writing" "SET" "SET n.key = value, n = map, n += map, n:Label, …"
        "Sets properties and labels; null removes a property. It never opens a statement: a line that begins with SET is a Redis command."
        ["MERGE (a:Person {name: 'Ada'}) SET a.born = 1815, a:Mathematician;"] ["$set"];
    WRITES "writing" "REMOVE" "REMOVE n.key, n:Label, …"
        "Removes properties and labels."
        ["MATCH (a:Person) REMOVE a.born;"] ["$unset"];
    WRITES "writing" "DELETE" "DELETE expression, …"
        "Deletes nodes, relationships and paths; a node that still has relationships is refused."
        ["MATCH (a:Nobody) DELETE a;"] ["deleteMany", "DEL"];
    WRITES "writing" "DETACH DELETE" "DETACH DELETE expression, …"
        "Deletes nodes with their relationships."
        ["MATCH (a:Person) DETACH DELETE a;"] ["deleteMany"];
    WRITES "writing" "FOREACH" "FOREACH (variable IN list | updates)"
        "Runs updating clauses for each element of a list; the rows stay."
        ["FOREACH (x IN [1, 2] | CREATE (:Number {value: x}));"] [];
    WRITES "calling" "CALL" "CALL procedure(arguments) [YIELD column [AS name], … [WHERE condition]]"
        "Runs a procedure for each row; standing alone it answers all its columns."
        ["CALL db.labels();"] [];
    WRITES "calling" "CALL { }" "CALL [(variables)] { query }"
        "Runs a query for each row; the variables in the brackets, or in its first WITH, come from outside."
        ["UNWIND [1, 2] AS x CALL (x) { RETURN x * 10 AS y } RETURN x, y;"] ["$lookup"];
    WRITES "schema" "CREATE INDEX" "CREATE INDEX [name] [IF NOT EXISTS] FOR (n:Label) ON (n.key, …)"
        "An index that MATCH uses to find nodes by properties; FOR ()-[r:TYPE]-() for relationships."
        ["CREATE INDEX person_name IF NOT EXISTS FOR (n:Person) ON (n.name);"] ["createIndex"];
    WRITES "schema" "DROP INDEX" "DROP INDEX name [IF EXISTS]"
        "Removes an index."
        ["DROP INDEX person_name IF EXISTS;"] ["dropIndex"];
    CLAUSE "schema" "SHOW INDEXES" "SHOW INDEXES"
        "The indexes of the graph."
        ["SHOW INDEXES;"] ["getIndexes"];
    CLAUSE "schema" "SHOW FUNCTIONS" "SHOW FUNCTIONS"
        "The functions, with their arguments."
        ["SHOW FUNCTIONS;"] [];
    CLAUSE "schema" "SHOW PROCEDURES" "SHOW PROCEDURES"
        "The procedures, with their arguments and columns."
        ["SHOW PROCEDURES;"] [];
    CLAUSE "expression" "CASE" "CASE [value] WHEN … THEN … [ELSE …] END"
        "The first branch whose condition is true, or whose value is equal."
        ["RETURN CASE WHEN 1 < 2 THEN 'less' ELSE 'more' END;"] ["$cond", "$switch"];
    CLAUSE "expression" "EXISTS { }" "EXISTS { pattern [WHERE …] | query }"
        "Does the pattern or query give a row?"
        ["MATCH (n) WHERE EXISTS { (n)-->() } RETURN n;"] [];
    CLAUSE "expression" "COUNT { }" "COUNT { pattern [WHERE …] | query }"
        "How many rows the pattern or query gives."
        ["MATCH (n) RETURN n, COUNT { (n)--() } AS degree;"] [];
    CLAUSE "expression" "COLLECT { }" "COLLECT { query }"
        "The one column of a query as a list."
        ["RETURN COLLECT { UNWIND [1, 2] AS x RETURN x } AS list;"] [];
    FUNCTION "aggregating" "avg" "avg(expression)"
        "The mean of numbers or durations; null if there are none."
        ["UNWIND [1, 2, 3] AS x RETURN avg(x);"] ["$avg"];
    FUNCTION "aggregating" "collect" "collect([DISTINCT] expression)"
        "All values that are not null, as a list."
        ["UNWIND [1, 2] AS x RETURN collect(x);"] ["$push"];
    FUNCTION "aggregating" "count" "count([DISTINCT] expression), count(*)"
        "How many values are not null; with * how many rows."
        ["UNWIND [1, null] AS x RETURN count(x), count(*);"] ["$sum", "countDocuments"];
    FUNCTION "aggregating" "max" "max(expression)"
        "The greatest value, in the order of ORDER BY."
        ["UNWIND [1, 3, 2] AS x RETURN max(x);"] ["$max"];
    FUNCTION "aggregating" "min" "min(expression)"
        "The least value, in the order of ORDER BY."
        ["UNWIND [1, 3, 2] AS x RETURN min(x);"] ["$min"];
    FUNCTION "aggregating" "percentileCont" "percentileCont(number, percentile)"
        "The percentile, 0.0 to 1.0, by linear interpolation."
        ["UNWIND [1, 2, 3, 4] AS x RETURN percentileCont(x, 0.5);"] [];
    FUNCTION "aggregating" "percentileDisc" "percentileDisc(number, percentile)"
        "The percentile, 0.0 to 1.0, as one of the values."
        ["UNWIND [1, 2, 3, 4] AS x RETURN percentileDisc(x, 0.5);"] [];
    FUNCTION "aggregating" "stDev" "stDev(number)"
        "The standard deviation of a sample."
        ["UNWIND [1, 2, 3] AS x RETURN stDev(x);"] ["$stdDevSamp"];
    FUNCTION "aggregating" "stDevP" "stDevP(number)"
        "The standard deviation of a population."
        ["UNWIND [1, 2, 3] AS x RETURN stDevP(x);"] ["$stdDevPop"];
    FUNCTION "aggregating" "sum" "sum(expression)"
        "The sum of numbers or durations; 0 if there are none."
        ["UNWIND [1, 2, 3] AS x RETURN sum(x);"] ["$sum"];
    FUNCTION "predicate" "all" "all(x IN list WHERE condition)"
        "Is the condition true for every element?"
        ["RETURN all(x IN [1, 2] WHERE x > 0);"] ["$allElementsTrue"];
    FUNCTION "predicate" "any" "any(x IN list WHERE condition)"
        "Is the condition true for an element?"
        ["RETURN any(x IN [1, 2] WHERE x > 1);"] ["$anyElementTrue"];
    FUNCTION "predicate" "exists" "exists((a)-->(b)), exists(n.key)"
        "Does the pattern fit, or is the property there?"
        ["MATCH (n) WHERE exists((n)-->()) RETURN n;"] [];
    FUNCTION "predicate" "isEmpty" "isEmpty(list | map | string)"
        "Is there nothing in it?"
        ["RETURN isEmpty([]);"] [];
    FUNCTION "predicate" "none" "none(x IN list WHERE condition)"
        "Is the condition true for no element?"
        ["RETURN none(x IN [1, 2] WHERE x > 2);"] [];
    FUNCTION "predicate" "single" "single(x IN list WHERE condition)"
        "Is the condition true for exactly one element?"
        ["RETURN single(x IN [1, 2] WHERE x > 1);"] [];
    FUNCTION "scalar" "char_length" "char_length(string)"
        "The number of characters; also character_length."
        ["RETURN char_length('abc');"] ["$strLenCP"];
    FUNCTION "scalar" "coalesce" "coalesce(expression, …)"
        "The first value that is not null."
        ["RETURN coalesce(null, 2);"] ["$ifNull"];
    FUNCTION "scalar" "elementId" "elementId(node | relationship)"
        "Its id, as a string."
        ["MATCH (n) RETURN elementId(n);"] [];
    FUNCTION "scalar" "endNode" "endNode(relationship)"
        "The node it enters."
        ["MATCH ()-[r]->() RETURN endNode(r);"] [];
    FUNCTION "scalar" "head" "head(list)"
        "The first element."
        ["RETURN head([1, 2]);"] ["$first"];
    FUNCTION "scalar" "id" "id(node | relationship)"
        "Its id; ids are never used again."
        ["MATCH (n) RETURN id(n);"] [];
    FUNCTION "scalar" "last" "last(list)"
        "The last element."
        ["RETURN last([1, 2]);"] ["$last"];
    FUNCTION "scalar" "length" "length(path)"
        "The number of relationships of a path."
        ["MATCH p = ()-->() RETURN length(p);"] [];
    FUNCTION "load csv" "file" "file()"
        "The file that LOAD CSV reads; null elsewhere."
        ["RETURN file();"] [];
    FUNCTION "load csv" "linenumber" "linenumber()"
        "The line of the file that LOAD CSV has come to; null elsewhere."
        ["RETURN linenumber();"] [];
    FUNCTION "scalar" "nullIf" "nullIf(a, b)"
        "null if both are equal, else the first."
        ["RETURN nullIf(1, 1);"] [];
    FUNCTION "scalar" "properties" "properties(node | relationship | map)"
        "All properties, as a map."
        ["RETURN properties({a: 1});"] [];
    FUNCTION "scalar" "randomUUID" "randomUUID()"
        "A random UUID, as a string."
        ["RETURN size(randomUUID());"] [];
    FUNCTION "scalar" "shortestPath" "shortestPath((a)-[*]-(b)), allShortestPaths((a)-[*]-(b))"
        "A shortest path between two nodes, or all of them."
        ["MATCH p = shortestPath((a:A)-[*]-(b:B)) RETURN p;"] [];
    FUNCTION "scalar" "size" "size(list | string | map)"
        "The number of elements, characters or entries."
        ["RETURN size([1, 2]), size('abc');"] ["$size", "LLEN"];
    FUNCTION "scalar" "startNode" "startNode(relationship)"
        "The node it leaves."
        ["MATCH ()-[r]->() RETURN startNode(r);"] [];
    FUNCTION "scalar" "timestamp" "timestamp()"
        "Milliseconds since 1970."
        ["RETURN timestamp() > 0;"] ["TIME"];
    FUNCTION "scalar" "toBoolean" "toBoolean(value)"
        "'true' and 'false' as truth values; null if it is neither. toBooleanOrNull takes anything."
        ["RETURN toBoolean('true');"] ["$toBool"];
    FUNCTION "scalar" "toFloat" "toFloat(value)"
        "A number or the text of one as a float. toFloatOrNull takes anything."
        ["RETURN toFloat('1.5');"] ["$toDouble"];
    FUNCTION "scalar" "toInteger" "toInteger(value)"
        "A number or the text of one as an integer, cut towards zero. toIntegerOrNull takes anything."
        ["RETURN toInteger('42');"] ["$toLong"];
    FUNCTION "scalar" "type" "type(relationship)"
        "The type of a relationship."
        ["MATCH ()-[r]->() RETURN type(r);"] [];
    FUNCTION "scalar" "valueType" "valueType(value)"
        "The name of a value's type."
        ["RETURN valueType(1);"] ["$type"];
    FUNCTION "list" "keys" "keys(node | relationship | map)"
        "The property keys."
        ["RETURN keys({a: 1, b: 2});"] ["HKEYS"];
    FUNCTION "list" "labels" "labels(node)"
        "The labels of a node."
        ["MATCH (n) RETURN labels(n);"] [];
    FUNCTION "list" "nodes" "nodes(path)"
        "The nodes of a path."
        ["MATCH p = ()-->() RETURN nodes(p);"] [];
    FUNCTION "list" "range" "range(start, end[, step])"
        "The integers from start to end, both included."
        ["RETURN range(1, 10, 3);"] ["$range"];
    FUNCTION "list" "reduce" "reduce(accumulator = initial, x IN list | expression)"
        "Folds a list into one value."
        ["RETURN reduce(sum = 0, x IN [1, 2, 3] | sum + x);"] ["$reduce"];
    FUNCTION "list" "relationships" "relationships(path)"
        "The relationships of a path."
        ["MATCH p = ()-->() RETURN relationships(p);"] [];
    FUNCTION "list" "reverse" "reverse(list | string)"
        "Back to front."
        ["RETURN reverse([1, 2]), reverse('ab');"] ["$reverseArray"];
    FUNCTION "list" "tail" "tail(list)"
        "All but the first element."
        ["RETURN tail([1, 2, 3]);"] ["$slice"];
    FUNCTION "list" "toBooleanList" "toBooleanList(list)"
        "Each element by toBooleanOrNull."
        ["RETURN toBooleanList(['true', 1]);"] [];
    FUNCTION "list" "toFloatList" "toFloatList(list)"
        "Each element by toFloatOrNull."
        ["RETURN toFloatList(['1.5', 'x']);"] [];
    FUNCTION "list" "toIntegerList" "toIntegerList(list)"
        "Each element by toIntegerOrNull."
        ["RETURN toIntegerList(['1', 'x']);"] [];
    FUNCTION "list" "toStringList" "toStringList(list)"
        "Each element by toStringOrNull."
        ["RETURN toStringList([1, true]);"] [];
    FUNCTION "numeric" "abs" "abs(number)"
        "Without its sign."
        ["RETURN abs(-1);"] ["$abs"];
    FUNCTION "numeric" "ceil" "ceil(number)"
        "Rounded up to a whole number."
        ["RETURN ceil(1.2);"] ["$ceil"];
    FUNCTION "numeric" "floor" "floor(number)"
        "Rounded down to a whole number."
        ["RETURN floor(1.8);"] ["$floor"];
    FUNCTION "numeric" "isNaN" "isNaN(number)"
        "Is it no number?"
        ["RETURN isNaN(0.0 / 0.0);"] [];
    FUNCTION "numeric" "rand" "rand()"
        "A random float from 0, included, to 1, excluded."
        ["RETURN rand() < 1;"] ["$rand"];
    FUNCTION "numeric" "round" "round(number[, digits[, mode]])"
        "Rounded to a number of digits behind the point; halves up."
        ["RETURN round(3.14159, 2);"] ["$round"];
    FUNCTION "numeric" "sign" "sign(number)"
        "-1, 0 or 1."
        ["RETURN sign(-5);"] [];
    FUNCTION "logarithmic" "e" "e()"
        "The base of natural logarithms."
        ["RETURN e();"] [];
    FUNCTION "logarithmic" "exp" "exp(number)"
        "e to this power."
        ["RETURN exp(1);"] ["$exp"];
    FUNCTION "logarithmic" "log" "log(number)"
        "The natural logarithm."
        ["RETURN log(e());"] ["$ln"];
    FUNCTION "logarithmic" "log10" "log10(number)"
        "The logarithm to base 10."
        ["RETURN log10(100);"] ["$log10"];
    FUNCTION "logarithmic" "sqrt" "sqrt(number)"
        "The square root."
        ["RETURN sqrt(16);"] ["$sqrt"];
    FUNCTION "trigonometric" "acos" "acos(number)"
        "The arccosine, in radians."
        ["RETURN acos(0.5);"] ["$acos"];
    FUNCTION "trigonometric" "asin" "asin(number)"
        "The arcsine, in radians."
        ["RETURN asin(0.5);"] ["$asin"];
    FUNCTION "trigonometric" "atan" "atan(number)"
        "The arctangent, in radians."
        ["RETURN atan(0.5);"] ["$atan"];
    FUNCTION "trigonometric" "cos" "cos(number)"
        "The cosine of radians."
        ["RETURN cos(0.5);"] ["$cos"];
    FUNCTION "trigonometric" "cot" "cot(number)"
        "The cotangent of radians."
        ["RETURN cot(0.5);"] [];
    FUNCTION "trigonometric" "degrees" "degrees(number)"
        "Radians as degrees."
        ["RETURN degrees(0.5);"] ["$radiansToDegrees"];
    FUNCTION "trigonometric" "haversin" "haversin(number)"
        "Half the versine of radians."
        ["RETURN haversin(0.5);"] [];
    FUNCTION "trigonometric" "radians" "radians(number)"
        "Degrees as radians."
        ["RETURN radians(0.5);"] ["$degreesToRadians"];
    FUNCTION "trigonometric" "sin" "sin(number)"
        "The sine of radians."
        ["RETURN sin(0.5);"] ["$sin"];
    FUNCTION "trigonometric" "tan" "tan(number)"
        "The tangent of radians."
        ["RETURN tan(0.5);"] ["$tan"];
    FUNCTION "trigonometric" "atan2" "atan2(y, x)"
        "The angle of a point, in radians."
        ["RETURN atan2(1, 1);"] ["$atan2"];
    FUNCTION "trigonometric" "pi" "pi()"
        "The ratio of a circle's circumference to its diameter."
        ["RETURN pi();"] [];
    FUNCTION "string" "btrim" "btrim(string)"
        "Without blanks at both ends."
        ["RETURN btrim(' a ');"] ["$trim"];
    FUNCTION "string" "left" "left(string, length)"
        "The first characters."
        ["RETURN left('hello', 2);"] ["$substrCP"];
    FUNCTION "string" "ltrim" "ltrim(string)"
        "Without blanks at the start."
        ["RETURN ltrim(' a');"] ["$ltrim"];
    FUNCTION "string" "replace" "replace(string, search, replacement)"
        "Every occurrence replaced."
        ["RETURN replace('banana', 'a', 'o');"] ["$replaceAll"];
    FUNCTION "string" "right" "right(string, length)"
        "The last characters."
        ["RETURN right('hello', 2);"] ["$substrCP"];
    FUNCTION "string" "rtrim" "rtrim(string)"
        "Without blanks at the end."
        ["RETURN rtrim('a ');"] ["$rtrim"];
    FUNCTION "string" "split" "split(string, delimiter | delimiters)"
        "The parts between delimiters, as a list."
        ["RETURN split('a,b', ',');"] ["$split"];
    FUNCTION "string" "substring" "substring(string, start[, length])"
        "A part of a string; positions count from 0."
        ["RETURN substring('hello', 1, 3);"] ["$substrCP", "GETRANGE"];
    FUNCTION "string" "toLower" "toLower(string)"
        "In lower case; also lower."
        ["RETURN toLower('ABC');"] ["$toLower"];
    FUNCTION "string" "toString" "toString(value)"
        "The text of a number, truth value or temporal value. toStringOrNull takes anything."
        ["RETURN toString(1.5);"] ["$toString"];
    FUNCTION "string" "toUpper" "toUpper(string)"
        "In upper case; also upper."
        ["RETURN toUpper('abc');"] ["$toUpper"];
    FUNCTION "string" "trim" "trim(string) | trim(BOTH|LEADING|TRAILING [characters] FROM string)"
        "Without blanks, or these characters, at both ends or one."
        ["RETURN trim(' a ');", "RETURN trim(LEADING '0' FROM '007');"] ["$trim"];
    FUNCTION "temporal" "date" "date([string | map | temporal])"
        "A day; without an argument today."
        ["RETURN date('2024-02-29');"] ["ISODate", "$dateFromParts"];
    FUNCTION "temporal" "datetime" "datetime([string | map | temporal])"
        "A day and time with a time zone; without an argument now."
        ["RETURN datetime('2024-02-29T12:00:00Z');"] ["ISODate"];
    FUNCTION "temporal" "datetime.fromEpoch" "datetime.fromEpoch(seconds, nanoseconds)"
        "The time so many seconds after 1970."
        ["RETURN datetime.fromEpoch(0, 0);"] ["$toDate"];
    FUNCTION "temporal" "datetime.fromEpochMillis" "datetime.fromEpochMillis(milliseconds)"
        "The time so many milliseconds after 1970."
        ["RETURN datetime.fromEpochMillis(0);"] ["$toDate"];
    FUNCTION "temporal" "duration" "duration(string | map)"
        "Months, days, seconds and nanoseconds."
        ["RETURN duration('P1Y2M10DT2H');"] [];
    FUNCTION "temporal" "duration.between" "duration.between(from, to)"
        "The difference of two instants; also inMonths, inDays, inSeconds."
        ["RETURN duration.between(date('2024-01-01'), date('2024-03-01'));"] ["$dateDiff"];
    FUNCTION "temporal" "localdatetime" "localdatetime([string | map | temporal])"
        "A day and time without a time zone."
        ["RETURN localdatetime('2024-02-29T12:00:00');"] [];
    FUNCTION "temporal" "localtime" "localtime([string | map | temporal])"
        "A time of day without a time zone."
        ["RETURN localtime('12:00:00');"] [];
    FUNCTION "temporal" "time" "time([string | map | temporal])"
        "A time of day with an offset."
        ["RETURN time('12:00:00+01:00');"] [];
    FUNCTION "temporal" "date.truncate" "date.truncate(unit[, temporal[, fields]])"
        "The start of the unit ('year', 'month', 'week', …); each temporal type has its own."
        ["RETURN date.truncate('month', date('2024-02-29'));"] ["$dateTrunc"];
    FUNCTION "spatial" "point" "point({x, y[, z]} | {longitude, latitude[, height]})"
        "A point of a plane or space, or on the globe; crs or srid names the system."
        ["RETURN point({x: 3, y: 4});", "RETURN point({longitude: 12.56, latitude: 55.67}).crs;"] ["GEOADD"];
    FUNCTION "spatial" "point.distance" "point.distance(point, point)"
        "The distance of two points of one system, on the globe in metres; null if the systems differ."
        ["RETURN point.distance(point({x: 0, y: 0}), point({x: 3, y: 4}));",
         "WITH point({longitude: 12.56, latitude: 55.67}) AS here RETURN point.distance(here, here);"]
        ["GEODIST", "$geoNear"];
    FUNCTION "spatial" "point.withinBBox" "point.withinBBox(point, lower left, upper right)"
        "Does the point lie in the box, its edges included?"
        ["RETURN point.withinBBox(point({x: 1, y: 1}), point({x: 0, y: 0}), point({x: 2, y: 2}));",
         "RETURN point.withinBBox(point({x: 3, y: 1}), point({x: 0, y: 0}), point({x: 2, y: 2}));"]
        ["GEOSEARCH", "$geoWithin"];
    FUNCTION "vector" "vector.similarity.cosine" "vector.similarity.cosine(list, list)"
        "How near the directions of two vectors are: (1 + cosine) / 2, from 0, opposite, to 1, the same."
        ["RETURN vector.similarity.cosine([1, 0], [1, 1]);",
         "WITH [0.1, 0.9] AS query UNWIND [[0, 1], [1, 0]] AS v RETURN v ORDER BY vector.similarity.cosine(v, query) DESC;"]
        [];
    FUNCTION "vector" "vector.similarity.euclidean" "vector.similarity.euclidean(list, list)"
        "How near two vectors are: 1 / (1 + square of their distance), up to 1, the same vector."
        ["RETURN vector.similarity.euclidean([1, 2], [1, 3]);",
         "RETURN vector.similarity.euclidean([1, 2, 3], [1, 2, 3]);"] [];
};
