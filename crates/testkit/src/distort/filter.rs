//! Convolutions over grey values; edges repeat outwards.

/// A Gaussian's weights, summing to 1.
fn gaussian(sigma: f64) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil() as i32;
    let weights: Vec<f64> =
        (-reach..=reach).map(|i| (-0.5 * (f64::from(i) / sigma).powi(2)).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| (w / sum) as f32).collect()
}

/// Gaussian blur of `sigma` pixels.
pub(super) fn blur(grey: &mut [f32], width: usize, height: usize, sigma: f64) {
    if sigma <= 0.0 || width == 0 || height == 0 {
        return;
    }
    let kernel = gaussian(sigma);
    let reach = kernel.len() / 2;
    let mut padded = vec![0.0; width + 2 * reach];
    for row in grey.chunks_mut(width) {
        let (first, last) = (row[0], row[width - 1]);
        padded[..reach].fill(first);
        padded[reach..reach + width].copy_from_slice(row);
        padded[reach + width..].fill(last);
        for (x, at) in row.iter_mut().enumerate() {
            *at = kernel.iter().zip(&padded[x..]).map(|(k, v)| k * v).sum();
        }
    }
    let source = grey.to_vec();
    for (y, row) in grey.chunks_mut(width).enumerate() {
        row.fill(0.0);
        for (i, weight) in kernel.iter().enumerate() {
            let from = (y + i).saturating_sub(reach).min(height - 1) * width;
            for (at, value) in row.iter_mut().zip(&source[from..]) {
                *at += weight * value;
            }
        }
    }
}

/// The mean along a line of `length` pixels, `degrees` clockwise from the picture's rows.
pub(super) fn motion(grey: &mut [f32], width: usize, height: usize, length: f64, degrees: f64) {
    let steps = (4.0 * length).ceil().max(1.0) as usize;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let source = grey.to_vec();
    for (at, value) in grey.iter_mut().enumerate() {
        let (x, y) = ((at % width) as f64, (at / width) as f64);
        let sum: f32 = (0..steps)
            .map(|i| {
                let t = ((i as f64 + 0.5) / steps as f64 - 0.5) * length;
                bilinear(&source, width, height, x + t * cos, y + t * sin)
            })
            .sum();
        *value = sum / steps as f32;
    }
}

/// The value at a position where whole numbers are pixel centres.
fn bilinear(grey: &[f32], width: usize, height: usize, x: f64, y: f64) -> f32 {
    let x = x.clamp(0.0, (width - 1) as f64);
    let y = y.clamp(0.0, (height - 1) as f64);
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(width - 1), (y0 + 1).min(height - 1));
    let (fx, fy) = ((x - x0 as f64) as f32, (y - y0 as f64) as f32);
    let top = grey[y0 * width + x0] * (1.0 - fx) + grey[y0 * width + x1] * fx;
    let bottom = grey[y1 * width + x0] * (1.0 - fx) + grey[y1 * width + x1] * fx;
    top * (1.0 - fy) + bottom * fy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blurs_keep_the_mean_and_spread_a_point() {
        let mut point = vec![0.0; 41 * 41];
        point[20 * 41 + 20] = 1.0;
        let moved = |grey: &[f32]| -> (f32, f32, f32) {
            grey.iter().enumerate().fold((0.0, 0.0, 0.0), |(sum, xx, yy), (at, v)| {
                let (dx, dy) = ((at % 41) as f32 - 20.0, (at / 41) as f32 - 20.0);
                (sum + v, xx + v * dx * dx, yy + v * dy * dy)
            })
        };
        let mut soft = point.clone();
        blur(&mut soft, 41, 41, 2.0);
        let (sum, xx, yy) = moved(&soft);
        assert!((sum - 1.0).abs() < 1e-4 && (xx - 4.0).abs() < 0.1 && (yy - 4.0).abs() < 0.1);
        // A line of length 6 has variance 6² / 12.
        motion(&mut point, 41, 41, 6.0, 0.0);
        let (sum, xx, yy) = moved(&point);
        assert!((sum - 1.0).abs() < 1e-3 && (xx - 3.0).abs() < 0.3 && yy.abs() < 1e-3);
        let mut flat = vec![7.0; 30];
        blur(&mut flat, 6, 5, 1.0);
        assert!(flat.iter().all(|v| (v - 7.0).abs() < 1e-4));
    }
}
