//! What a plan says with `{{names}}` of the iteration in it: read once, and filled only where such names stand.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::protocol::RequestError;
use crate::select::{Condition, Conditions, FillIn, SelectError, Subject, hole};
use crate::template::{Bound, Slots, Template, Values};

/// Something that a plan writes as one value.
#[derive(Debug, Clone)]
pub struct Live<T> {
    /// As it is written; where names stand, with any value in their places.
    now: T,
    names: Option<Arc<LiveText>>,
}

/// A value of the plan with holes where names stand.
#[derive(Debug)]
struct LiveText {
    written: Value,
    /// The expression of each hole.
    names: Vec<Template>,
}

/// Fills in the values of an iteration.
pub(crate) type Filler<T> = Box<dyn Fn(&Values) -> Result<T, RequestError> + Send + Sync>;

/// What can have names of the iteration in it.
pub(crate) trait Fillable {
    /// What it is once they are filled in.
    type Filled;
    /// What is known of it before.
    fn now(&self) -> &Self::Filled;
    /// The names.
    fn names(&self) -> Vec<String>;
    /// What fills them in; `None` where none stands.
    fn filler(&self, slots: &mut Slots) -> Option<Filler<Self::Filled>>;
}

impl<T: FillIn> Live<T> {
    /// Reads what a plan writes.
    ///
    /// # Errors
    /// Says what is wrong with its form.
    pub fn read(mut written: Value) -> Result<Self, SelectError> {
        let mut names = Vec::new();
        match &mut written {
            Value::String(text) => take_names(text, &mut names)?,
            Value::Array(items) => {
                for item in items {
                    if let Value::String(text) = item {
                        take_names(text, &mut names)?;
                    }
                }
            }
            _ => {}
        }
        let probe = |value: Value| T::fill_in(&written, &vec![value; names.len()]);
        let now = match probe("x".into()) {
            Ok(now) => now,
            // A place for a number takes no letters.
            Err(error) => probe(1.into()).map_err(|_| error)?,
        };
        let names = (!names.is_empty()).then(|| Arc::new(LiveText { written, names }));
        Ok(Self { now, names })
    }
}

/// Takes the names out of a text.
fn take_names(text: &mut String, names: &mut Vec<Template>) -> Result<(), SelectError> {
    if !text.contains("{{") {
        return Ok(());
    }
    let template = Template::parse(text).map_err(|error| SelectError {
        message: error.message,
    })?;
    *text = template.with_holes(names, &hole);
    Ok(())
}

impl<T> Deref for Live<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.now
    }
}

impl<T> From<T> for Live<T> {
    fn from(now: T) -> Self {
        Self { now, names: None }
    }
}

impl<T: FillIn + 'static> Fillable for Live<T> {
    type Filled = T;

    fn now(&self) -> &T {
        &self.now
    }

    fn names(&self) -> Vec<String> {
        let all = self.names.iter().flat_map(|text| &text.names);
        all.flat_map(Template::names).map(str::to_owned).collect()
    }

    fn filler(&self, slots: &mut Slots) -> Option<Filler<T>> {
        let text = Arc::clone(self.names.as_ref()?);
        let names: Vec<Bound> = text.names.iter().map(|name| name.bind(slots)).collect();
        Some(Box::new(move |values| {
            let now: Result<Vec<Value>, _> = names.iter().map(|name| name.value(values)).collect();
            let now = now.map_err(|missing| RequestError(missing.to_string()))?;
            T::fill_in(&text.written, &now).map_err(|error| RequestError(error.message))
        }))
    }
}

impl<T: FillIn> std::str::FromStr for Live<T> {
    type Err = SelectError;
    fn from_str(text: &str) -> Result<Self, SelectError> {
        Self::read(text.into())
    }
}

impl<T: fmt::Display> fmt::Display for Live<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.now.fmt(f)
    }
}

impl<T: Serialize> Serialize for Live<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.now.serialize(to)
    }
}

impl<T: JsonSchema> JsonSchema for Live<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<'de, T: FillIn> Deserialize<'de> for Live<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(LiveVisitor(PhantomData))
    }
}

struct LiveVisitor<T>(PhantomData<T>);

impl<T: FillIn> LiveVisitor<T> {
    fn read<E: Error>(&self, value: Value, unexpected: Unexpected<'_>) -> Result<Live<T>, E> {
        if T::IS_TEXT {
            return Err(E::invalid_type(unexpected, &T::EXPECTED));
        }
        Live::read(value).map_err(E::custom)
    }
}

impl<'de, T: FillIn> Visitor<'de> for LiveVisitor<T> {
    type Value = Live<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Live<T>, E> {
        self.read(value.into(), Unexpected::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Live<T>, E> {
        self.read(value.into(), Unexpected::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Live<T>, E> {
        self.read(value.into(), Unexpected::Unsigned(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Live<T>, E> {
        self.read(value.into(), Unexpected::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Live<T>, E> {
        Live::read(text.into()).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Live<T>, A::Error> {
        if T::IS_TEXT {
            return Err(A::Error::invalid_type(Unexpected::Seq, &T::EXPECTED));
        }
        let mut values = Vec::new();
        while let Some(value) = seq.next_element::<Value>()? {
            values.push(value);
        }
        Live::read(values.into()).map_err(A::Error::custom)
    }
}

/// Conditions with names of the iteration in them.
#[derive(Debug, Clone)]
pub struct LiveConditions {
    now: Conditions,
    live: Conditions<Live<Subject>, Live<Condition>>,
}

impl Deref for LiveConditions {
    type Target = Conditions;
    fn deref(&self) -> &Conditions {
        &self.now
    }
}

impl<'de> Deserialize<'de> for LiveConditions {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let live = Conditions::<Live<Subject>, Live<Condition>>::deserialize(from)?;
        let now = live.map(|subject, condition| {
            Ok::<_, D::Error>((subject.now.clone(), condition.now.clone()))
        })?;
        Ok(Self { now, live })
    }
}

impl Fillable for LiveConditions {
    type Filled = Conditions;

    fn now(&self) -> &Conditions {
        &self.now
    }

    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let all = self.live.map(|subject, condition| {
            names.extend(subject.names());
            names.extend(condition.names());
            Ok::<_, std::convert::Infallible>(((), ()))
        });
        drop(all);
        names
    }

    fn filler(&self, slots: &mut Slots) -> Option<Filler<Conditions>> {
        let mut any = false;
        let bound = self.live.map(|subject, condition| {
            let subject = bind(subject, slots, &mut any);
            Ok::<_, std::convert::Infallible>((subject, bind(condition, slots, &mut any)))
        });
        let Ok(bound) = bound;
        any.then(|| -> Filler<Conditions> {
            Box::new(move |values| {
                bound.map(|subject, condition| Ok((subject(values)?, condition(values)?)))
            })
        })
    }
}

/// What gives a part of it, filled where names stand in it.
fn bind<T: FillIn + Clone + Send + Sync + 'static>(
    part: &Live<T>,
    slots: &mut Slots,
    any: &mut bool,
) -> Filler<T> {
    match part.filler(slots) {
        Some(filler) => {
            *any = true;
            filler
        }
        None => {
            let now = part.now.clone();
            Box::new(move |_| Ok(now.clone()))
        }
    }
}
