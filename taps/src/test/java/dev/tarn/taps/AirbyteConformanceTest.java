package dev.tarn.taps;

import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A source of Airbyte's does what every source has to do. */
final class AirbyteConformanceTest extends ConnectorContract {
    @TempDir Path folder;

    @Override
    protected ConnectorRig rig() throws IOException {
        return new TapRig("airbyte", folder);
    }
}
