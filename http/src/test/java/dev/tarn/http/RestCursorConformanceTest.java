package dev.tarn.http;

import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** An API that is asked for what is behind a cursor does what every source has to do. */
final class RestCursorConformanceTest extends ConnectorContract {
    @TempDir Path folder;

    @Override
    protected ConnectorRig rig() throws IOException {
        return new PagesRig(PagesRig.Kind.CURSOR, folder);
    }
}
