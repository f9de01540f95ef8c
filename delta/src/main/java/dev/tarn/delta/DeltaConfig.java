package dev.tarn.delta;

import dev.tarn.spi.Engine;
import dev.tarn.spi.Storage;
import dev.tarn.spi.Tables;
import java.nio.file.Path;

/**
 * What the Delta log is made from.
 *
 * @param tables the record of what is to be told
 * @param engine writes checkpoints, which are Parquet
 * @param staging a local folder for files that are not finished
 * @param wanted whether tables that do not say anything have a Delta log
 */
public record DeltaConfig(
        Tables tables, Storage storage, Engine engine, Path staging, boolean wanted) {}
