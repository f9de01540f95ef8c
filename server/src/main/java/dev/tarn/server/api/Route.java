package dev.tarn.server.api;

import dev.tarn.spi.HttpProtocol.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that can be asked. What is answered and what the description says of it come from the
 * same list.
 *
 * @param path with names in braces, such as {@code /jobs/{job}}
 * @param summary one sentence
 * @param body the fields its body may have
 * @param query the parameters it understands
 */
record Route(
        String method,
        String path,
        String summary,
        List<String> body,
        List<String> query,
        Handler handler) {
    interface Handler {
        Answer answer(Asked asked);
    }

    /** The values of the names in the path, if the path is this one. */
    Optional<Map<String, String>> match(String asked) {
        String[] mine = path.split("/", -1);
        String[] theirs = asked.split("/", -1);
        if (mine.length != theirs.length) {
            return Optional.empty();
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < mine.length; i++) {
            if (mine[i].startsWith("{")) {
                names.put(
                        mine[i].substring(1, mine[i].length() - 1),
                        java.net.URLDecoder.decode(
                                theirs[i], java.nio.charset.StandardCharsets.UTF_8));
            } else if (!mine[i].equals(theirs[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.startsWith("{")) {
                names.add(part.substring(1, part.length() - 1));
            }
        }
        return names;
    }
}
