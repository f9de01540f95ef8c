package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Reads one YAML file into values with places. Anchors and merge keys are resolved. */
final class YamlReader {
    private static final int ALIASES_MAX = 500;
    private static final int CODE_POINTS_MAX = 64 * 1024 * 1024;

    private final String file;
    private final Problems problems;
    private final Consumer<Problem> twice;
    private final IdentityHashMap<Node, YamlValue> done = new IdentityHashMap<>();
    private final IdentityHashMap<Node, Boolean> open = new IdentityHashMap<>();

    private YamlReader(String file, Problems problems, Consumer<Problem> twice) {
        this.file = file;
        this.problems = problems;
        this.twice = twice;
    }

    /** The file's value; empty when the file is empty or cannot be read as YAML. */
    static Optional<YamlValue> read(String file, String text, Problems problems) {
        return read(file, text, problems, problems::add);
    }

    private static Optional<YamlValue> read(
            String file, String text, Problems problems, Consumer<Problem> twice) {
        YamlReader reader = new YamlReader(file, problems, twice);
        try {
            Node root = yaml().compose(new java.io.StringReader(text));
            return root == null ? Optional.empty() : Optional.of(reader.value(root));
        } catch (MarkedYAMLException e) {
            problems.add(YamlErrors.malformed(e, reader.place(e.getProblemMark()), text));
        } catch (YAMLException e) {
            problems.add(YamlErrors.malformed(e, Place.of(file)));
        }
        return Optional.empty();
    }

    /** The file's mapping; empty when there is none, with a problem when it is something else. */
    static Optional<Mapping> readMapping(String file, String text, Problems problems) {
        return readMapping(read(file, text, problems), problems);
    }

    /**
     * The mapping of a file in dbt's format, where the last of two same keys counts.
     *
     * @param twice is told of such keys
     */
    static Optional<Mapping> readMapping(
            String file, String text, Problems problems, Consumer<Problem> twice) {
        return readMapping(
                read(file, text, problems, p -> twice.accept(YamlErrors.lastCounts(p))), problems);
    }

    private static Optional<Mapping> readMapping(Optional<YamlValue> value, Problems problems) {
        if (value.isEmpty() || (value.get() instanceof Scalar s && s.isNull())) {
            return Optional.empty();
        }
        if (value.get() instanceof Mapping mapping) {
            return Optional.of(mapping);
        }
        problems.add(
                YamlErrors.wrongKind(value.get().place(), "The file", "a mapping", value.get()));
        return Optional.empty();
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(ALIASES_MAX);
        options.setCodePointLimit(CODE_POINTS_MAX);
        options.setAllowRecursiveKeys(false);
        DumperOptions dumping = new DumperOptions();
        return new Yaml(
                new SafeConstructor(options),
                new Representer(dumping),
                dumping,
                options,
                new YamlScalars());
    }

    private YamlValue value(Node node) {
        YamlValue known = done.get(node);
        if (known != null) {
            return known;
        }
        if (open.put(node, true) != null) {
            problems.add(YamlErrors.selfContaining(place(node)));
            return new Scalar(place(node), null, "");
        }
        YamlValue value =
                switch (node) {
                    case MappingNode mapping -> mapping(mapping);
                    case SequenceNode sequence ->
                            new Sequence(
                                    place(node),
                                    sequence.getValue().stream().map(this::value).toList());
                    case ScalarNode scalar -> scalar(scalar);
                    default -> new Scalar(place(node), null, "");
                };
        open.remove(node);
        done.put(node, value);
        return value;
    }

    private Scalar scalar(ScalarNode node) {
        Tag tag = node.getTag();
        Object value;
        try {
            value = YamlScalars.value(tag, node.getValue());
        } catch (NumberFormatException e) {
            problems.add(YamlErrors.notNumber(place(node), node.getValue()));
            value = node.getValue();
        }
        return new Scalar(place(node), value, node.getValue());
    }

    private Mapping mapping(MappingNode node) {
        Map<String, Entry> own = new LinkedHashMap<>();
        Map<String, Entry> merged = new LinkedHashMap<>();
        Map<String, Place> seen = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (keyNode.getTag().equals(Tag.MERGE)) {
                merge(tuple.getValueNode(), merged);
                continue;
            }
            if (!(keyNode instanceof ScalarNode key)) {
                problems.add(YamlErrors.keyNotText(place(keyNode)));
                continue;
            }
            Place first = seen.putIfAbsent(key.getValue(), place(key));
            if (first != null) {
                twice.accept(YamlErrors.duplicateKey(key.getValue(), place(key), first));
            }
            own.put(key.getValue(), entry(key, value(tuple.getValueNode())));
        }
        Map<String, Entry> all = new LinkedHashMap<>();
        merged.forEach((name, entry) -> all.put(name, own.getOrDefault(name, entry)));
        all.putAll(own);
        return new Mapping(place(node), new ArrayList<>(all.values()));
    }

    private Entry entry(ScalarNode key, YamlValue value) {
        @Nullable Object plain = scalar(key).plain();
        return new Entry(key.getValue(), plain == null ? key.getValue() : plain, place(key), value);
    }

    /** Of several mappings merged into one, the first that has a key decides. */
    private void merge(Node node, Map<String, Entry> into) {
        List<Node> parts = node instanceof SequenceNode s ? s.getValue() : List.of(node);
        for (Node part : parts) {
            if (value(part) instanceof Mapping mapping) {
                mapping.entries().forEach(e -> into.putIfAbsent(e.key(), e));
            } else {
                problems.add(YamlErrors.mergeNeedsMapping(place(part)));
            }
        }
    }

    private Place place(Node node) {
        return place(node.getStartMark());
    }

    private Place place(@Nullable Mark mark) {
        return mark == null
                ? Place.of(file)
                : new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
