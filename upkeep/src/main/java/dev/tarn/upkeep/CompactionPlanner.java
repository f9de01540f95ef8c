package dev.tarn.upkeep;

import dev.tarn.model.table.Inventory;
import dev.tarn.model.table.Inventory.DataFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the files of a table that are worth writing anew: small ones that can be gathered, those
 * with many deleted rows, and those of an earlier partitioning.
 */
final class CompactionPlanner {
    /** Below this part of the target a file is small: one that is nearly full is left alone. */
    private static final double SMALL = 0.75;

    /** A partition is clustered anew when more of it than this is not. */
    private static final double UNCLUSTERED = 0.2;

    private static final String EARLIER_LAYOUT = "\0";

    private final UpkeepPolicy policy;
    private final long target;
    private final boolean thorough;

    /**
     * @param target how large a file should be
     * @param thorough whether to gather whatever can be; else small files wait until there are many
     *     of about one size, so that no row is copied more often than the logarithm of their number
     */
    CompactionPlanner(UpkeepPolicy policy, long target, boolean thorough) {
        this.policy = policy;
        this.target = target;
        this.thorough = thorough;
    }

    /**
     * Files that are written anew together, as they share their partition.
     *
     * @param clusters whether their rows are gathered by the table's cluster columns
     * @param filesAfter how many will take their place, about
     */
    record Group(String partition, List<DataFile> files, boolean clusters, long filesAfter) {
        Group {
            files = List.copyOf(files);
        }

        long bytes() {
            return files.stream().mapToLong(DataFile::bytes).sum();
        }
    }

    List<Group> plan(Inventory inventory) {
        Map<String, List<DataFile>> partitions = new LinkedHashMap<>();
        for (DataFile file : inventory.files()) {
            String key = file.currentLayout() ? file.partition() : EARLIER_LAYOUT;
            partitions.computeIfAbsent(key, k -> new ArrayList<>()).add(file);
        }
        List<Group> groups = new ArrayList<>();
        partitions.forEach((partition, files) -> {
            boolean clusters = needClustering(files);
            List<DataFile> chosen = clusters ? files : choose(files);
            if (!chosen.isEmpty()) {
                groups.add(new Group(partition, chosen, clusters, filesAfter(chosen)));
            }
        });
        return groups;
    }

    /** Whether so much of a partition came since it was last clustered that it is worth it. */
    private boolean needClustering(List<DataFile> files) {
        if (!thorough || policy.clusterBy().isEmpty()) {
            return false;
        }
        String mark = Inventory.clusterMark(String.join(",", policy.clusterBy()));
        long all = files.stream().mapToLong(DataFile::bytes).sum();
        long loose =
                files.stream()
                        .filter(f -> !f.cluster().equals(mark) || !f.currentLayout())
                        .mapToLong(DataFile::bytes)
                        .sum();
        return loose > UNCLUSTERED * all;
    }

    private List<DataFile> choose(List<DataFile> files) {
        List<DataFile> needed = files.stream().filter(this::mustGo).toList();
        List<DataFile> small =
                files.stream()
                        .filter(f -> !mustGo(f) && f.bytes() < SMALL * target)
                        .sorted(Comparator.comparingLong(DataFile::bytes))
                        .toList();
        Set<DataFile> chosen = new HashSet<>(needed);
        chosen.addAll(thorough ? small : ofAboutOneSize(small));
        List<DataFile> inOrder = files.stream().filter(chosen::contains).toList();
        if (!needed.isEmpty() && filesAfter(inOrder) >= inOrder.size()) {
            return needed;
        }
        return needed.isEmpty() && filesAfter(inOrder) >= inOrder.size() ? List.of() : inOrder;
    }

    private boolean mustGo(DataFile file) {
        return !file.currentLayout()
                || (file.deletedRows() > 0
                        && file.deletedRows() >= policy.deleteRatio() * file.rows());
    }

    /** The smallest ones, up to the first that is larger than all before it together. */
    private List<DataFile> ofAboutOneSize(List<DataFile> ascending) {
        long sum = 0;
        int count = 0;
        for (DataFile file : ascending) {
            if (count >= policy.minFiles() - 1 && file.bytes() > sum) {
                break;
            }
            sum += file.bytes();
            count++;
        }
        return count < policy.minFiles() ? List.of() : ascending.subList(0, count);
    }

    private long filesAfter(List<DataFile> files) {
        double bytes = 0;
        for (DataFile file : files) {
            double left = file.rows() == 0 ? 0 : 1 - (double) file.deletedRows() / file.rows();
            bytes += file.bytes() * left;
        }
        return (long) Math.ceil(bytes / target);
    }
}
