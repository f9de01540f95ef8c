package dev.tarn.iceberg.rest;

import java.util.Map;
import java.util.Optional;

/** Gives clients what they need to reach the files of a table themselves. */
@FunctionalInterface
public interface CredentialVending {
    /** Nobody gets anything: clients must have access of their own. */
    CredentialVending NONE = location -> Optional.empty();

    /**
     * @param location the folder of the table
     * @return settings of a client's file access, such as {@code s3.access-key-id}, for everything
     *     below a prefix; empty where nothing can be given
     */
    Optional<Grant> grant(String location);

    /**
     * Access to what lies below a prefix.
     *
     * @param settings contain secrets and are never logged
     */
    record Grant(String prefix, Map<String, String> settings) {
        public Grant {
            settings = Map.copyOf(settings);
        }

        /** Without the settings, which are secrets. */
        @Override
        public String toString() {
            return "Grant[" + prefix + "]";
        }
    }
}
