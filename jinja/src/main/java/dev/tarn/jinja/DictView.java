package dev.tarn.jinja;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What keys(), values() and items() give: a view that follows the dict. */
final class DictView extends AbstractCollection<Object> {
    /** Which part of the entries it shows. */
    enum Part {
        KEYS,
        VALUES,
        ITEMS
    }

    private final Map<?, ?> map;
    private final Part part;

    DictView(Map<?, ?> map, Part part) {
        this.map = map;
        this.part = part;
    }

    boolean setLike() {
        return part != Part.VALUES;
    }

    String typeName() {
        return switch (part) {
            case KEYS -> "dict_keys";
            case VALUES -> "dict_values";
            case ITEMS -> "dict_items";
        };
    }

    @Override
    public int size() {
        return map.size();
    }

    @Override
    public boolean contains(@Nullable Object value) {
        if (part == Part.KEYS) {
            return Dicts.find(map, value) != Missing.VALUE;
        }
        for (Object item : this) {
            if (Comparison.equal(item, value)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Iterator<Object> iterator() {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Object next() {
                Map.Entry<?, ?> entry = entries.next();
                return switch (part) {
                    case KEYS -> entry.getKey();
                    case VALUES -> entry.getValue();
                    case ITEMS -> Tuple.of(entry.getKey(), entry.getValue());
                };
            }
        };
    }
}
