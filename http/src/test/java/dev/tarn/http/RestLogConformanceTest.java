package dev.tarn.http;

import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** An API whose pages are read on from the last one does what every source has to do. */
final class RestLogConformanceTest extends ConnectorContract {
    @TempDir Path folder;

    @Override
    protected ConnectorRig rig() throws IOException {
        return new PagesRig(PagesRig.Kind.LOG, folder);
    }
}
