package io.millrace.bench.scaling;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One line over one axis, as an SVG. Not thread-safe. */
final class Plot {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final Color INK = new Color(0x1f, 0x4e, 0x79);

  private final XYChart chart;

  Plot(
      final String title,
      final String xTitle,
      final String yTitle,
      final double[] x,
      final double[] y) {
    chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setXAxisDecimalPattern("#,###");
    chart.getStyler().setYAxisDecimalPattern("#,###");
    chart.getStyler().setYAxisMin(0.0);
    final XYSeries series = chart.addSeries(title, x, y);
    series.setLineColor(INK);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(INK);
  }

  /** The same with powers of ten along the x axis. */
  Plot logarithmic() {
    chart.getStyler().setXAxisLogarithmic(true);
    return this;
  }

  /**
   * Draws it.
   *
   * @throws IOException if the file cannot be written
   */
  void writeTo(final Path file) throws IOException {
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
