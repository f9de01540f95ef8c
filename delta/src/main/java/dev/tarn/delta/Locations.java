package dev.tarn.delta;

import dev.tarn.model.table.TablePointer;
import java.nio.charset.StandardCharsets;

/** Paths as the Delta log writes them: URIs, relative where the file is the table's own. */
final class Locations {
    private static final String UNRESERVED = "-_.~/!$&'()*+,;=:@";

    private Locations() {}

    /** The folder of a table: that above the one of its metadata files. */
    static String folder(TablePointer pointer) {
        String metadata = plain(pointer.metadataLocation());
        int folder = metadata.lastIndexOf('/', metadata.lastIndexOf('/') - 1);
        return folder < 0 ? metadata : metadata.substring(0, folder);
    }

    /** A data file as seen from the folder that holds the log. */
    static String relative(String home, String location) {
        String file = plain(location);
        String root = home + "/";
        return file.startsWith(root) ? encoded(file.substring(root.length())) : absolute(location);
    }

    static String absolute(String location) {
        String file = plain(location);
        int scheme = file.indexOf("://");
        if (scheme >= 0) {
            int authority = file.indexOf('/', scheme + 3);
            return authority < 0
                    ? file
                    : file.substring(0, authority) + encoded(file.substring(authority));
        }
        return "file://" + encoded(file);
    }

    /** Local files without scheme, as the storage port has them. */
    private static String plain(String location) {
        if (location.startsWith("file://")) {
            return location.substring("file://".length());
        }
        return location.startsWith("file:") ? location.substring("file:".length()) : location;
    }

    private static String encoded(String path) {
        StringBuilder text = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || UNRESERVED.indexOf(c) >= 0;
            if (plain) {
                text.append(c);
            } else {
                text.append('%').append("%02X".formatted((int) c));
            }
        }
        return text.toString();
    }
}
