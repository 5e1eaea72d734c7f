//! The colours of charts: chosen for a light ground, kept apart by people who see fewer colours (after Okabe and Ito,
//! a little darker for paper). The font is not part of it: it ships. Not the look of the report's page.

/// A colour by its channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb`; `None` for anything else.
    ///
    /// ```
    /// use slaudit::charts::Rgb;
    /// assert_eq!(Rgb::parse("#1f5a83"), Some(Rgb(31, 90, 131)));
    /// assert_eq!(Rgb::parse("blue"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Rgb> {
        let digits =
            text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let channel = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
        Some(Rgb(channel(0)?, channel(2)?, channel(4)?))
    }

    /// `share` of this colour over white; outside of 0 to 1 it is cut.
    pub fn tint(self, share: f64) -> Rgb {
        self.mix(Rgb(255, 255, 255), 1.0 - share)
    }

    /// This colour with `share` of `other` in it.
    pub fn mix(self, other: Rgb, share: f64) -> Rgb {
        let share = share.clamp(0.0, 1.0);
        let channel = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Rgb(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// True where white text is easier to read on it than black: relative luminance below 0.2.
    pub(super) fn is_dark(self) -> bool {
        let linear = |c: u8| (f64::from(c) / 255.0).powf(2.2);
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2) < 0.2
    }
}

/// What a colour stands for. The same thing has the same colour in every chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// The subject itself: the theme's accent.
    Accent,
    /// As promised.
    Good,
    /// Before it was due, or within doubt.
    Doubtful,
    /// Not as promised.
    Bad,
    /// Not as promised, and it lasts.
    Worst,
    /// The other side's doing.
    Other,
    /// Another matter, without judgement.
    Aside,
    /// Gone on otherwise.
    Neutral,
    /// Not judged yet.
    Quiet,
    /// Not judged at all.
    Faint,
}

/// The colours that charts are drawn in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The colour of what a chart is about.
    pub accent: Rgb,
    /// Colours of [`Tone`]s but the accent, in their order.
    pub palette: [Rgb; 9],
    /// Text.
    pub ink: Rgb,
    /// Text beside.
    pub muted: Rgb,
    /// Axes.
    pub axis: Rgb,
    /// Lines behind what is drawn.
    pub grid: Rgb,
    /// The ground.
    pub ground: Rgb,
}

impl Default for Theme {
    fn default() -> Theme {
        Theme {
            accent: Rgb(31, 90, 131),
            palette: [
                Rgb(0, 133, 98),
                Rgb(222, 146, 0),
                Rgb(202, 84, 0),
                Rgb(120, 30, 20),
                Rgb(86, 164, 214),
                Rgb(160, 94, 146),
                Rgb(92, 101, 112),
                Rgb(158, 166, 174),
                Rgb(208, 213, 219),
            ],
            ink: Rgb(27, 31, 36),
            muted: Rgb(84, 93, 104),
            axis: Rgb(140, 149, 159),
            grid: Rgb(228, 231, 235),
            ground: Rgb(255, 255, 255),
        }
    }
}

impl Theme {
    /// The default with another accent.
    pub fn with_accent(accent: Rgb) -> Theme {
        Theme { accent, ..Theme::default() }
    }

    /// The colour of `tone`.
    pub const fn of(&self, tone: Tone) -> Rgb {
        match tone {
            Tone::Accent => self.accent,
            Tone::Good => self.palette[0],
            Tone::Doubtful => self.palette[1],
            Tone::Bad => self.palette[2],
            Tone::Worst => self.palette[3],
            Tone::Other => self.palette[4],
            Tone::Aside => self.palette[5],
            Tone::Neutral => self.palette[6],
            Tone::Quiet => self.palette[7],
            Tone::Faint => self.palette[8],
        }
    }
}
