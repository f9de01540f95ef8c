package dev.tarn.iceberg.rest;

import dev.tarn.spi.Catalog;
import dev.tarn.spi.KeptAnswers;
import dev.tarn.spi.Storage;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What the protocol stands on.
 *
 * @param catalog where commits become visible
 * @param storage where metadata files are
 * @param tables location under which new tables get their folders
 * @param views location under which new views get their folders
 * @param anyLocation whether clients may have tables and views outside of these places
 * @param clientSettings what every client is told to use, such as {@code s3.endpoint}; no secrets
 * @param vending gives clients that ask for it access to the files of a table
 * @param answers to requests that may be sent again after a restart; empty to forget them then
 */
public record RestConfig(
        Catalog catalog,
        Storage storage,
        String tables,
        String views,
        boolean anyLocation,
        Map<String, String> clientSettings,
        CredentialVending vending,
        Clock clock,
        Optional<KeptAnswers> answers) {
    public RestConfig {
        clientSettings = Map.copyOf(clientSettings);
    }

    /** Without a memory that outlives the process. */
    public RestConfig(
            Catalog catalog,
            Storage storage,
            String tables,
            String views,
            boolean anyLocation,
            Map<String, String> clientSettings,
            CredentialVending vending,
            Clock clock) {
        this(
                catalog,
                storage,
                tables,
                views,
                anyLocation,
                clientSettings,
                vending,
                clock,
                Optional.empty());
    }
}
