//! What a document consists of, whatever prints it. Every text in it is still to be escaped.

/// A whole document.
#[derive(Debug, Clone)]
pub struct Document {
    /// What it is about; the first heading.
    pub title: String,
    /// The decision in a word or two.
    pub state: Option<Badge>,
    /// What stands above the parts.
    pub lead: Vec<Block>,
    pub parts: Vec<Part>,
    /// Name and version of the program.
    pub tool: String,
}

/// A part with a place to which links lead.
#[derive(Debug, Clone)]
pub struct Part {
    pub id: &'static str,
    pub title: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
pub enum Block {
    Paragraph(Line),
    /// What a decision follows from: told so that nobody misses it.
    Verdict(Tone, Line),
    List(Vec<Line>),
    /// A sentence about what limits the answer.
    Note(Line),
    /// Names, each with what is to be said of it.
    Terms(Vec<(&'static str, Line)>),
    Table(Table),
    /// Commands to copy, each on a line of its own.
    Commands(Vec<String>),
    /// A unified diff.
    Diff(String),
    /// Text of several lines as it was printed.
    Output(String),
    /// Blocks about one thing, under a heading.
    Article(Tone, Line, Vec<Block>),
    /// A heading within an article.
    Heading(Line),
    /// Blocks that are of interest to few, with a word on what they are.
    Folded(String, Vec<Block>),
}

/// What stands on one line.
pub type Line = Vec<Piece>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Shown as it is.
    Text(String),
    /// A sentence; what stands between a pair of backticks becomes code.
    Prose(String),
    Code(String),
    Strong(String),
    Badge(Badge),
    /// Evidence or an input, by an id to which [`Piece::Anchor`] belongs.
    Link(String),
    /// The row of evidence, or of an input.
    Anchor(String),
    /// Goes on below.
    Break,
}

/// A word that says how something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    pub tone: Tone,
    pub word: String,
}

/// How something is shown; the words say it, colours only help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Doubtful,
    Bad,
    /// Neither good nor bad: what was not measured, too.
    Neutral,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub caption: String,
    pub heads: Vec<String>,
    /// Each as long as `heads`.
    pub rows: Vec<Vec<Line>>,
}

pub fn text(text: impl Into<String>) -> Line {
    vec![Piece::Text(text.into())]
}

/// Nothing where the sentence is empty.
pub fn prose(sentence: impl Into<String>) -> Line {
    let sentence = sentence.into();
    match sentence.trim().is_empty() {
        true => Line::new(),
        false => vec![Piece::Prose(sentence)],
    }
}

pub fn code(code: impl Into<String>) -> Line {
    vec![Piece::Code(code.into())]
}

pub fn strong(word: impl Into<String>) -> Line {
    vec![Piece::Strong(word.into())]
}

pub fn badge((word, tone): (impl Into<String>, Tone)) -> Line {
    let word = word.into();
    vec![Piece::Badge(Badge { tone, word })]
}

/// One line behind the other, with something between those that are not empty.
pub fn joined(lines: impl IntoIterator<Item = Line>, between: &Piece) -> Line {
    let mut out = Line::new();
    for line in lines.into_iter().filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push(between.clone());
        }
        out.extend(line);
    }
    out
}

/// Lines below each other.
pub fn below(lines: impl IntoIterator<Item = Line>) -> Line {
    joined(lines, &Piece::Break)
}

/// Lines with a space between them.
pub fn beside(lines: impl IntoIterator<Item = Line>) -> Line {
    joined(lines, &Piece::Text(" ".to_owned()))
}

/// Names as code, with commas between them.
pub fn codes<'a>(names: impl IntoIterator<Item = &'a str>) -> Line {
    joined(names.into_iter().map(code), &Piece::Text(", ".to_owned()))
}

/// Sentences below each other.
pub fn sentences<'a>(sentences: impl IntoIterator<Item = &'a String>) -> Line {
    below(sentences.into_iter().map(prose))
}

/// The line, or a dash where there is nothing.
pub fn or_dash(line: Line) -> Line {
    match line.is_empty() {
        true => text("–"),
        false => line,
    }
}

impl Table {
    pub fn new<const N: usize>(caption: &str, heads: [&str; N]) -> Self {
        Self {
            caption: caption.to_owned(),
            heads: heads.map(str::to_owned).to_vec(),
            rows: Vec::new(),
        }
    }

    /// Without the column of this name.
    pub fn without(mut self, head: &str) -> Self {
        if let Some(at) = self.heads.iter().position(|one| one == head) {
            self.heads.remove(at);
            for row in &mut self.rows {
                row.remove(at);
            }
        }
        self
    }

    /// None where it has no row.
    pub fn block(self) -> Option<Block> {
        (!self.rows.is_empty()).then_some(Block::Table(self))
    }
}

impl Block {
    /// Whether a table behind this block has been told already what it is about.
    pub fn introduces(&self) -> bool {
        match self {
            Self::Paragraph(_) | Self::Heading(_) => true,
            Self::Verdict(..)
            | Self::List(_)
            | Self::Note(_)
            | Self::Terms(_)
            | Self::Table(_)
            | Self::Commands(_)
            | Self::Diff(_)
            | Self::Output(_)
            | Self::Article(..)
            | Self::Folded(..) => false,
        }
    }
}

/// Blocks, each with whether a table in its place needs its caption.
pub fn captioned(blocks: &[Block]) -> impl Iterator<Item = (&Block, bool)> {
    let before = std::iter::once(None).chain(blocks.iter().map(Some));
    let untold = before.map(|before| before.is_some_and(|before| !before.introduces()));
    blocks.iter().zip(untold)
}

impl Part {
    /// None where it has nothing to tell.
    pub fn told(id: &'static str, title: &str, blocks: Vec<Block>) -> Option<Self> {
        let title = title.to_owned();
        (!blocks.is_empty()).then_some(Self { id, title, blocks })
    }
}
