//! Pictures become files: plotters paints the shapes.
//!
//! plotters places everything on whole pixels (its issue 128), so both formats are painted
//! large: SVG on a canvas ten times the size, shrunk by its `viewBox`; PNG at four pixels a
//! point, averaged down to two.

use std::sync::Once;

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBColor, WHITE, register_font};

use super::picture::{Anchor, Color, Picture, Shape, TEXT_SIZE, Text};

static FONTS: Once = Once::new();

const SVG_SCALE: f64 = 10.0;
const PNG_SCALE: u32 = 4;
/// Pixels that are averaged into one, in either direction.
const PNG_SHRINK: u32 = 2;

/// The font, and what stands in for it where a browser does not have it.
const FONT: &str = "Noto Sans, Helvetica, Arial, sans-serif";
/// plotters takes an em as 1/1.24 of the size when it writes SVG …
const SVG_EM: f64 = 1.24;
/// … and the font's ascent plus descent as the size when it paints pixels: 1.362 em in Noto Sans.
const PNG_EM: f64 = 1.362;
/// By how much of an em it then paints too high.
const PNG_DROP: f64 = 0.14;

/// The picture as an SVG document.
pub(super) fn svg(picture: &Picture) -> Result<String, String> {
    let (width, height) = pixels(picture, SVG_SCALE);
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
    paint(Brush { area: &area, scale: SVG_SCALE, em: SVG_EM, drop: 0.0 }, picture)?;
    drop(area);
    let large = format!("width=\"{width}\" height=\"{height}\"");
    let natural = format!("width=\"{}\" height=\"{}\"", picture.width, picture.height);
    Ok(text.replacen(&large, &natural, 1))
}

/// The picture as a PNG file.
pub(super) fn png(picture: &Picture) -> Result<Vec<u8>, String> {
    let (width, height) = pixels(picture, f64::from(PNG_SCALE));
    let mut large = vec![0; width as usize * height as usize * 3];
    let area = BitMapBackend::with_buffer(&mut large, (width, height)).into_drawing_area();
    let scale = f64::from(PNG_SCALE);
    paint(Brush { area: &area, scale, em: PNG_EM, drop: PNG_DROP }, picture)?;
    drop(area);
    encode(&shrink(&large, width), width / PNG_SHRINK, height / PNG_SHRINK)
}

/// The size on the canvas; even, so that it can be halved.
fn pixels(picture: &Picture, scale: f64) -> (u32, u32) {
    let even = |x: f64| ((x * scale / 2.0).ceil() as u32) * 2;
    (even(picture.width), even(picture.height))
}

/// The average of each square of pixels.
fn shrink(large: &[u8], width: u32) -> Vec<u8> {
    let (side, row) = (PNG_SHRINK as usize, width as usize * 3);
    let mut small = Vec::with_capacity(large.len() / (side * side));
    for rows in large.chunks_exact(row * side) {
        for column in (0..row).step_by(3 * side) {
            small.extend([0, 1, 2].map(|channel| average(rows, row, column + channel)));
        }
    }
    small
}

/// The average of one channel over a square of pixels whose first byte is at `first`.
fn average(rows: &[u8], row: usize, first: usize) -> u8 {
    let side = PNG_SHRINK as usize;
    let line = |y: usize| rows[y * row + first..].iter().step_by(3).take(side);
    let sum: u32 = (0..side).flat_map(line).map(|byte| u32::from(*byte)).sum();
    (sum / (PNG_SHRINK * PNG_SHRINK)) as u8
}

fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, String> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().map_err(text)?;
    writer.write_image_data(pixels).map_err(text)?;
    writer.finish().map_err(text)?;
    Ok(file)
}

/// The width of a text of the usual size, in points.
pub(super) fn width(words: &str) -> f64 {
    extent(words, TEXT_SIZE, false)
}

/// The width of a text of this size, in points.
pub(in crate::report) fn extent(words: &str, size: f64, bold: bool) -> f64 {
    FONTS.call_once(register_fonts);
    let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
    // Measured large: plotters counts whole pixels.
    let font = FontDesc::new(FontFamily::Name(FONT), size * SVG_SCALE * PNG_EM, style);
    // Without a font nothing is written, wide or not.
    font.box_size(words).map_or(0.0, |(width, _)| f64::from(width) / SVG_SCALE)
}

fn paint<B: DrawingBackend>(brush: Brush<'_, B>, picture: &Picture) -> Result<(), String> {
    FONTS.call_once(register_fonts);
    brush.area.fill(&WHITE).map_err(text)?;
    picture.shapes.iter().try_for_each(|shape| brush.shape(shape))?;
    brush.area.present().map_err(text)
}

/// A font that cannot be read leaves labels out of the picture: the drawing reports it.
fn register_fonts() {
    let _ = register_font(FONT, FontStyle::Normal, notosans::REGULAR_TTF);
    let _ = register_font(FONT, FontStyle::Bold, notosans::BOLD_TTF);
}

/// Where to paint, pixels in a point, sizes in an em, and how far to lower text, in em.
struct Brush<'a, B: DrawingBackend> {
    area: &'a DrawingArea<B, Shift>,
    scale: f64,
    em: f64,
    drop: f64,
}

impl<B: DrawingBackend> Brush<'_, B> {
    fn shape(&self, shape: &Shape) -> Result<(), String> {
        match shape {
            Shape::Line(points, color, width) => {
                let style = rgb(*color).stroke_width(self.length(*width));
                self.area.draw(&PathElement::new(self.all(points), style))
            }
            Shape::Area(points, color, opacity) => {
                let style = rgb(*color).mix(*opacity).filled();
                self.area.draw(&Polygon::new(self.all(points), style))
            }
            Shape::Dot(at, radius, color) => {
                let circle = Circle::new(self.at(*at), self.length(*radius), rgb(*color).filled());
                self.area.draw(&circle)
            }
            Shape::Text(words) => return self.words(words),
            Shape::Group(_, shapes) => return shapes.iter().try_for_each(|shape| self.shape(shape)),
        }
        .map_err(text)
    }

    fn words(&self, words: &Text) -> Result<(), String> {
        let style = if words.bold { FontStyle::Bold } else { FontStyle::Normal };
        let size = words.size * self.scale * self.em;
        let font = FontDesc::new(FontFamily::Name(FONT), size, style);
        let side = match words.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let color = rgb(words.color);
        let style = font.color(&color).pos(Pos::new(side, VPos::Center));
        let at = self.at((words.at.0, words.at.1 + words.size * self.drop));
        self.area.draw_text(&words.text, &style, at).map_err(text)
    }

    fn at(&self, (x, y): (f64, f64)) -> (i32, i32) {
        ((x * self.scale).round() as i32, (y * self.scale).round() as i32)
    }

    fn all(&self, points: &[(f64, f64)]) -> Vec<(i32, i32)> {
        points.iter().map(|&point| self.at(point)).collect()
    }

    fn length(&self, points: f64) -> u32 {
        (points * self.scale).round().max(1.0) as u32
    }
}

fn rgb((red, green, blue): Color) -> RGBColor {
    RGBColor(red, green, blue)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
