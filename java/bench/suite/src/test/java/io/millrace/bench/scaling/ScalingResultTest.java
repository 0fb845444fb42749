package io.millrace.bench.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingResultTest {

  private static final Point CENTRE = new Point("iot", 100_000, 4, 2, 128, 700_000, 1_500);
  private static final Point FEW = new Point("iot", 1, 4, 2, 128, 900_000, 900);

  @TempDir private Path folder;

  private final ScalingResult result =
      new ScalingResult(List.of(CENTRE, FEW), List.of(CENTRE), List.of(CENTRE), List.of(CENTRE));

  @Test
  void pointsAreInTheOrderOfTheirAxis() {
    assertThat(result.sources()).containsExactly(FEW, CENTRE);
    assertThat(result.table().rows()).hasSize(5);
    assertThat(result.table().rows().get(0)).contains("sources", "iot", "1", "900,000", "900");
  }

  @Test
  void drawsAnSvgForEachAxis() throws IOException {
    result.draw(folder);
    for (final String axis : List.of("sources", "partitions", "parallelism", "message-size")) {
      final String svg = Files.readString(folder.resolve("scaling-" + axis + ".svg")).strip();
      assertThat(svg.startsWith("<?xml") && svg.contains("<svg") && svg.endsWith("</svg>"))
          .as("an SVG of %s", axis)
          .isTrue();
    }
    assertThat(
            Files.mismatch(
                folder.resolve("scaling-sources.svg"), folder.resolve("scaling-partitions.svg")))
        .isNotNegative();
  }
}
