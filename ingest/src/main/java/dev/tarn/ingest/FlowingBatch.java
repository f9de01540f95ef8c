package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.RowFlow;
import dev.tarn.spi.RowSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A batch whose rows can be written while they are read, by a thread of its own. What its columns
 * are is decided when the first rows are there; {@link #whole} then tells what all of them had.
 */
final class FlowingBatch implements AutoCloseable {
    private final Batch batch;
    private final Optional<Documents> documents;
    private final ReadBatch.Refusing refusing;
    private final TableName relation = ReadBatch.relation(0);
    private final RowFlow flow;
    private final FutureTask<ReadBatch.Told> reading;
    private boolean many;

    private FlowingBatch(
            TableName table,
            Batch batch,
            EngineSession session,
            Map<String, Type> declared,
            Optional<Schema> tableNow) {
        this.batch = batch;
        this.documents = ReadBatch.documents(batch, declared, tableNow);
        this.refusing = new ReadBatch.Refusing(table, new ArrayList<>());
        this.flow = session.flow(relation, FileIngest.named(batch.columns()));
        RowSink sink = documents.map(d -> d.sink(flow.sink(), refusing)).orElseGet(flow::sink);
        Portion portion = batch.portions().getFirst();
        this.reading = new FutureTask<>(() -> ReadBatch.read(portion, sink, refusing));
        Thread.ofPlatform().name("portion-1").start(reading);
    }

    /** Whether its rows can be had again if they are not what the first ones seemed to be. */
    static boolean canFlow(Batch batch) {
        return batch.repeats()
                && batch.document().isPresent()
                && batch.load().isEmpty()
                && batch.portions().size() == 1;
    }

    /** Begins to read, and waits until the first rows are there. */
    static FlowingBatch begin(
            TableName table,
            Batch batch,
            EngineSession session,
            Map<String, Type> declared,
            Optional<Schema> tableNow) {
        FlowingBatch begun = new FlowingBatch(table, batch, session, declared, tableNow);
        try {
            begun.many = begun.flow.awaitMany();
            return begun;
        } catch (RuntimeException failure) {
            begun.close();
            throw failure;
        }
    }

    /** Whether there are more rows than those that have been looked at. */
    boolean isMany() {
        return many;
    }

    /** What is known of the first rows. None have been counted yet. */
    ReadBatch first() {
        return ReadBatch.made(
                new ReadBatch.Refusing(refusing.table(), List.of()),
                batch,
                false,
                List.of(relation),
                documents,
                List.of());
    }

    /** Lets the rows be read once, from now on. */
    void open() {
        flow.open();
    }

    /** Keeps all rows until they have been read. */
    ReadBatch kept() {
        if (many) {
            flow.keep();
        }
        return whole();
    }

    /** What is known of all rows, once they have been read. */
    ReadBatch whole() {
        ReadBatch.Told told = ReadBatch.result(reading);
        return ReadBatch.made(refusing, batch, false, List.of(relation), documents, List.of(told));
    }

    /** Waits until the reader has stopped; the batch's rows are of no use then. */
    @Override
    public void close() {
        flow.close();
        try {
            ReadBatch.Told unused = reading.get();
        } catch (ExecutionException told) {
            // Whoever wanted the rows has heard of it, or of what came before.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
