package dev.tarn.formats;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.RowReaders.RowReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.jspecify.annotations.Nullable;

/** The rows of an ORC file, a batch in memory at a time. */
final class OrcRows implements RowReader {
    private final Path file;
    private final Reader reader;
    private final RecordReader records;
    private final TypeDescription type;
    private final VectorizedRowBatch batch;
    private final Schema schema;
    private int row;

    private OrcRows(Path file, Reader reader) throws IOException {
        this.file = file;
        this.reader = reader;
        this.type = reader.getSchema();
        this.schema = OrcTypes.schema(file, type);
        this.records = reader.rows();
        this.batch = type.createRowBatch();
        this.row = 0;
        batch.size = 0;
    }

    static OrcRows open(Path file) {
        try {
            Configuration configuration = new Configuration(false);
            return new OrcRows(
                    file,
                    OrcFile.createReader(
                            new org.apache.hadoop.fs.Path(file.toUri()),
                            OrcFile.readerOptions(configuration)
                                    .useUTCTimestamp(true)
                                    .filesystem(new LocalFiles(configuration))));
        } catch (IOException | RuntimeException e) {
            throw FormatErrors.corrupt(file, "ORC", e);
        }
    }

    @Override
    public Schema schema() {
        return schema.withoutIds();
    }

    /** The columns with the ids that Iceberg's writers give them. */
    Schema columns() {
        return schema;
    }

    @Override
    public @Nullable List<@Nullable Object> next() {
        try {
            if (row == batch.size) {
                row = 0;
                if (!records.nextBatch(batch) || batch.size == 0) {
                    batch.size = 0;
                    return null;
                }
            }
            List<@Nullable Object> values = new ArrayList<>();
            List<TypeDescription> children = type.getChildren();
            for (int i = 0; i < children.size(); i++) {
                ColumnVector column = batch.cols[i];
                values.add(OrcTypes.value(children.get(i), column, row));
            }
            row++;
            return values;
        } catch (IOException | RuntimeException e) {
            throw FormatErrors.corrupt(file, "ORC", e);
        }
    }

    @Override
    public void close() {
        try {
            records.close();
            reader.close();
        } catch (IOException e) {
            throw FormatErrors.corrupt(file, "ORC", e);
        }
    }
}
