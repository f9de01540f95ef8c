package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.project.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Remembers the values of YAML files under their text. What has a mistake is read each time. */
final class YamlCache {
    /** Values that a file uses more than once would be written down each time. */
    private static final Pattern ANCHOR = Pattern.compile("(^|[\\s\\[{,])&[^\\s&]");

    private final Optional<CompileCache> cache;

    YamlCache(Optional<CompileCache> cache) {
        this.cache = cache;
    }

    /** As {@link YamlReader#readMapping}. */
    Optional<Mapping> readMapping(
            String file, String text, Problems problems, Consumer<Problem> twice) {
        if (cache.isEmpty() || ANCHOR.matcher(text).find()) {
            return YamlReader.readMapping(file, text, problems, twice);
        }
        CacheKey key = new CacheOutput().text("yaml").text(file).text(text).toKey();
        Optional<Mapping> known =
                cache.get()
                        .find(key, CacheInput::yaml)
                        .filter(Mapping.class::isInstance)
                        .map(Mapping.class::cast);
        if (known.isPresent()) {
            return known;
        }
        Problems found = new Problems();
        List<Problem> keys = new ArrayList<>();
        Optional<Mapping> mapping = YamlReader.readMapping(file, text, found, keys::add);
        keys.forEach(twice);
        if (found.isEmpty() && keys.isEmpty()) {
            mapping.ifPresent(m -> cache.get().put(key, new CacheOutput().yaml(m)));
        }
        problems.addAll(found.sorted());
        return mapping;
    }
}
