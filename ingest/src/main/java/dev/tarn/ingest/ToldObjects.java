package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.ObjectForm;
import dev.tarn.spi.RowSink;
import java.util.List;
import java.util.Optional;

/**
 * How objects of one form are told into lanes. Their JSON, which most often nobody reads, is made
 * as the engine is to read it.
 */
final class ToldObjects implements RowSink.Writing {
    private final ObjectForm form;

    /** Which member each lane takes; -1 for none. */
    private final int[] places;

    private final DocumentText documents;

    private ToldObjects(ObjectForm form, int[] places, DocumentText documents) {
        this.form = form;
        this.places = places;
        this.documents = documents;
    }

    /**
     * Empty if a lane cannot take the values of its member.
     *
     * @param documents a fresh look at objects
     */
    static Optional<ToldObjects> of(
            ObjectForm form, List<MemberLane> lanes, DocumentText documents) {
        List<Field> members = form.members().fields();
        List<String> names = members.stream().map(Field::name).toList();
        int[] places = new int[lanes.size()];
        for (int i = 0; i < places.length; i++) {
            MemberLane lane = lanes.get(i);
            places[i] = names.indexOf(lane.column.name);
            if (places[i] >= 0 && lane.type() != laneOf(members.get(places[i]).type())) {
                return Optional.empty();
            }
        }
        boolean worthwhile = !lanes.isEmpty() && documents.expect(form);
        return worthwhile
                ? Optional.of(new ToldObjects(form, places, documents))
                : Optional.empty();
    }

    /** The type of a lane that takes values of a type as they are: texts if there is none. */
    static Primitive laneOf(Type type) {
        return switch (type) {
            case Primitive.INTEGER, Primitive.BIGINT -> Primitive.BIGINT;
            case Primitive.BOOLEAN -> Primitive.BOOLEAN;
            case Primitive.FLOAT -> Primitive.FLOAT;
            case Primitive.DOUBLE -> Primitive.DOUBLE;
            case Primitive.DATE -> Primitive.DATE;
            case Primitive.TIMESTAMP -> Primitive.TIMESTAMP;
            case Primitive.TIMESTAMPTZ -> Primitive.TIMESTAMPTZ;
            default -> Primitive.VARCHAR;
        };
    }

    /** Whether values of a type can be told for members. */
    static boolean isPlain(Type type) {
        return type instanceof Type.Decimal
                || (type instanceof Primitive
                        && type != Primitive.BINARY
                        && type != Primitive.VARIANT);
    }

    /** Tells the members of the object that the form has read. */
    void tell(List<MemberLane> lanes, RowSink rows) {
        for (int i = 0; i < places.length; i++) {
            lanes.get(i).tell(form, places[i], rows);
        }
    }

    @Override
    public byte[] text(byte[] bytes, int from, int to) {
        byte[] json = form.json(bytes, from, to);
        synchronized (documents) {
            try {
                return documents.read(json);
            } catch (JsonText.Refused e) {
                throw new IllegalStateException("An object that was told is none.", e);
            }
        }
    }
}
