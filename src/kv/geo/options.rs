//! The options of GEOSEARCH and of the older GEORADIUS.

use super::cells::Place;
use super::shape::{Form, Shape};
use super::{Args, Context, Error, Result, SortedSet, place_argument, unit_argument};
use crate::kv::number::{double, integer_argument};

/// What is asked for; lengths in metres.
#[derive(Debug, Default)]
pub struct Options<'a> {
    /// What is searched; missing if its centre is a member of a missing key.
    pub shape: Option<Shape>,
    /// How many metres the unit of the answer has.
    pub unit: f64,
    /// The nearest or the farthest first.
    pub order: Option<Order>,
    /// At most so many members.
    pub count: Option<usize>,
    /// `ANY`: the first that are found.
    pub any: bool,
    pub with_distance: bool,
    pub with_hash: bool,
    pub with_place: bool,
    /// Where the members found go to.
    pub store: Option<&'a [u8]>,
    /// `STOREDIST`: with their distance, not their geohash.
    pub store_distance: bool,
}

/// Which members come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Nearest,
    Farthest,
}

/// Which command reads its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Search,
    SearchStore,
    Radius,
    RadiusReadOnly,
}

impl Command {
    fn searches(self) -> bool {
        matches!(self, Command::Search | Command::SearchStore)
    }
}

/// The place of a member that must be there; `None` if the whole key is missing.
pub fn member_place(cx: &Context<'_>, set: Option<&SortedSet>, member: &[u8]) -> Result<Option<Place>> {
    let Some(set) = set else { return Ok(None) };
    match set.score(cx, member)? {
        Some(score) => Ok(Some(Place::of_score(score))),
        None => Err(Error::err("could not decode requested zset member")),
    }
}

/// A length in a unit; answers both in metres.
pub fn radius_argument(radius: &[u8], unit: &[u8]) -> Result<(Form, f64)> {
    let radius = double(radius).ok_or_else(|| Error::err("need numeric radius"))?;
    if radius < 0.0 {
        return Err(Error::err("radius cannot be negative"));
    }
    let unit = unit_argument(unit)?;
    Ok((Form::Circle { radius: radius * unit }, unit))
}

fn box_argument(width: &[u8], height: &[u8], unit: &[u8]) -> Result<(Form, f64)> {
    let width = double(width).ok_or_else(|| Error::err("need numeric width"))?;
    let height = double(height).ok_or_else(|| Error::err("need numeric height"))?;
    if width < 0.0 || height < 0.0 {
        return Err(Error::err("height or width cannot be negative"));
    }
    let unit = unit_argument(unit)?;
    Ok((Form::Box { width: width * unit, height: height * unit }, unit))
}

/// Where a GEOSEARCH looks, as far as its words have been read.
#[derive(Debug, Default)]
struct Area {
    member: bool,
    lonlat: bool,
    centre: Option<Place>,
    form: Option<(Form, f64)>,
    is_box: bool,
}

/// Reads the words behind the fixed ones, into options that hold what those said.
pub fn parse<'a>(
    cx: &Context<'_>,
    set: Option<&SortedSet>,
    words: Args<'a>,
    command: Command,
    mut options: Options<'a>,
) -> Result<Options<'a>> {
    let (mut area, mut rest) = (Area::default(), words);
    while let [word, behind @ ..] = rest {
        rest = behind;
        match (word.to_ascii_uppercase().as_slice(), behind) {
            (b"WITHDIST", _) => options.with_distance = true,
            (b"WITHHASH", _) => options.with_hash = true,
            (b"WITHCOORD", _) => options.with_place = true,
            (b"ANY", _) => options.any = true,
            (b"ASC", _) => options.order = Some(Order::Nearest),
            (b"DESC", _) => options.order = Some(Order::Farthest),
            (b"COUNT", [count, behind @ ..]) => {
                let count = integer_argument(count)?;
                let count = usize::try_from(count).ok().filter(|&count| count > 0);
                options.count = Some(count.ok_or_else(|| Error::err("COUNT must be > 0"))?);
                rest = behind;
            }
            (name @ (b"STORE" | b"STOREDIST"), [key, behind @ ..]) if command == Command::Radius => {
                options.store = Some(key);
                options.store_distance = name == b"STOREDIST";
                rest = behind;
            }
            (b"STOREDIST", _) if command == Command::SearchStore => options.store_distance = true,
            _ if command.searches() => rest = area.read(cx, set, word, behind)?,
            _ => return Err(Error::syntax()),
        }
    }
    let stores = options.store.is_some();
    if stores && (options.with_distance || options.with_hash || options.with_place) {
        let name = if command == Command::SearchStore { "GEOSEARCHSTORE" } else { "STORE option in GEORADIUS" };
        return Err(Error::err(format_args!("{name} is not compatible with WITHDIST, WITHHASH and WITHCOORD options")));
    }
    if command.searches() {
        let name = if command == Command::SearchStore { "GEOSEARCHSTORE" } else { "GEOSEARCH" };
        if !area.member && !area.lonlat {
            return Err(Error::err(format_args!(
                "exactly one of FROMMEMBER or FROMLONLAT can be specified for {name}"
            )));
        }
        let Some((form, unit)) = area.form else {
            return Err(Error::err(format_args!("exactly one of BYRADIUS and BYBOX can be specified for {name}")));
        };
        options.shape = area.centre.map(|centre| Shape { centre, form });
        options.unit = unit;
    }
    if options.any && options.count.is_none() {
        return Err(Error::err("the ANY argument requires COUNT argument"));
    }
    Ok(options)
}

impl Area {
    /// Reads one of the words that say where; answers what follows it.
    fn read<'a>(
        &mut self,
        cx: &Context<'_>,
        set: Option<&SortedSet>,
        word: &[u8],
        behind: Args<'a>,
    ) -> Result<Args<'a>> {
        match (word.to_ascii_uppercase().as_slice(), behind) {
            (b"FROMMEMBER", [member, behind @ ..]) if !self.lonlat => {
                self.centre = member_place(cx, set, member)?;
                self.member = true;
                Ok(behind)
            }
            (b"FROMLONLAT", [longitude, latitude, behind @ ..]) if !self.member => {
                self.centre = Some(place_argument(longitude, latitude)?);
                self.lonlat = true;
                Ok(behind)
            }
            (b"BYRADIUS", [radius, unit, behind @ ..]) if self.form.is_none() || !self.is_box => {
                self.form = Some(radius_argument(radius, unit)?);
                Ok(behind)
            }
            (b"BYBOX", [width, height, unit, behind @ ..]) if self.form.is_none() || self.is_box => {
                self.form = Some(box_argument(width, height, unit)?);
                self.is_box = true;
                Ok(behind)
            }
            _ => Err(Error::syntax()),
        }
    }
}
