package dev.tarn.formats;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Small files in each format, with the columns id, name and amount. */
public final class SampleFiles {
    private SampleFiles() {}

    public static void avro(Path file, int rows) throws IOException {
        Schema schema =
                SchemaBuilder.record("row")
                        .fields()
                        .requiredLong("id")
                        .optionalString("name")
                        .requiredDouble("amount")
                        .endRecord();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, file.toFile());
            for (int i = 1; i <= rows; i++) {
                GenericRecord row = new GenericData.Record(schema);
                row.put("id", (long) i);
                row.put("name", i % 2 == 0 ? null : "n" + i);
                row.put("amount", i / 2.0);
                writer.append(row);
            }
        }
    }

    public static void orc(Path file, int rows) throws IOException {
        TypeDescription type =
                TypeDescription.fromString("struct<id:bigint,name:string,amount:double>");
        Configuration configuration = new Configuration(false);
        try (Writer writer =
                OrcFile.createWriter(
                        new org.apache.hadoop.fs.Path(file.toUri()),
                        OrcFile.writerOptions(configuration)
                                .setSchema(type)
                                .fileSystem(new WritableFiles(configuration)))) {
            VectorizedRowBatch batch = type.createRowBatch();
            for (int i = 1; i <= rows; i++) {
                int at = batch.size++;
                ((LongColumnVector) batch.cols[0]).vector[at] = i;
                BytesColumnVector names = (BytesColumnVector) batch.cols[1];
                if (i % 2 == 0) {
                    names.isNull[at] = true;
                    names.noNulls = false;
                } else {
                    names.setVal(at, ("n" + i).getBytes(StandardCharsets.UTF_8));
                }
                ((DoubleColumnVector) batch.cols[2]).vector[at] = i / 2.0;
                if (batch.size == batch.getMaxSize()) {
                    writer.addRowBatch(batch);
                    batch.reset();
                }
            }
            writer.addRowBatch(batch);
        }
    }

    public static void excel(Path file, int rows) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                Workbook workbook = new Workbook(out, "tests", "1.0")) {
            Worksheet sheet = workbook.newWorksheet("data");
            sheet.value(0, 0, "id");
            sheet.value(0, 1, "name");
            sheet.value(0, 2, "amount");
            sheet.value(0, 3, "at");
            for (int i = 1; i <= rows; i++) {
                sheet.value(i, 0, i);
                if (i % 2 != 0) {
                    sheet.value(i, 1, "n" + i);
                }
                sheet.value(i, 2, i / 2.0);
                sheet.value(i, 3, LocalDateTime.of(2024, 1, i, 12, 0));
                sheet.style(i, 3).format("yyyy-mm-dd hh:mm").set();
            }
            workbook.newWorksheet("other").value(0, 0, "x");
        }
    }

    public static void zstd(Path file, String text) throws IOException {
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Local files that can also be written. */
    private static final class WritableFiles extends LocalFiles {
        WritableFiles(Configuration configuration) {
            super(configuration);
        }

        @Override
        public FSDataOutputStream create(
                org.apache.hadoop.fs.Path path,
                FsPermission permission,
                boolean overwrite,
                int bufferSize,
                short replication,
                long blockSize,
                Progressable progress) {
            try {
                return new FSDataOutputStream(
                        Files.newOutputStream(Path.of(path.toUri().getPath())), null);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
