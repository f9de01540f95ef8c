package dev.tarn.project;

import dev.tarn.model.Place;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The docs blocks of a project and its packages. */
final class DocsBlocks {
    private final Map<String, Map<String, Block>> packages = new LinkedHashMap<>();

    record Block(String packageName, String name, Place place, String text) {
        /** The file as its own package sees it. */
        String file() {
            return FactTexts.inPackage(place.file());
        }

        String id() {
            return "doc." + packageName + "." + name;
        }
    }

    /** Adds a block, or returns the one of its package that has its name. */
    Optional<Block> add(Block block) {
        return Optional.ofNullable(
                packages.computeIfAbsent(block.packageName(), p -> new LinkedHashMap<>())
                        .putIfAbsent(block.name(), block));
    }

    /** The block of one package. */
    Optional<Block> in(String packageName, String name) {
        return Optional.ofNullable(packages.getOrDefault(packageName, Map.of()).get(name));
    }

    /** The block that a name means to a package: its own, the root project's, anybody's. */
    Optional<Block> find(String name, String packageName, String root) {
        return in(packageName, name)
                .or(() -> in(root, name))
                .or(() -> all().stream().filter(b -> b.name().equals(name)).findFirst());
    }

    List<Block> all() {
        return packages.values().stream().flatMap(p -> p.values().stream()).toList();
    }

    Collection<String> names() {
        return all().stream().map(Block::name).toList();
    }
}
