package dev.tarn.kafka;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages that come with protocol buffers or with registries, which registries need not have. */
final class ProtoKnown {
    private ProtoKnown() {}

    /** A message by its full name; null if it is none of these. */
    static @Nullable ProtoMessage message(String type) {
        String name = type.startsWith(".") ? type.substring(1) : type;
        return switch (name) {
            case "google.protobuf.Timestamp", "google.protobuf.Duration" ->
                    of(name, scalar("seconds", 1, "int64"), scalar("nanos", 2, "int32"));
            case "google.protobuf.StringValue" -> wrapper(name, "string");
            case "google.protobuf.BytesValue" -> wrapper(name, "bytes");
            case "google.protobuf.BoolValue" -> wrapper(name, "bool");
            case "google.protobuf.Int32Value" -> wrapper(name, "int32");
            case "google.protobuf.UInt32Value" -> wrapper(name, "uint32");
            case "google.protobuf.Int64Value" -> wrapper(name, "int64");
            case "google.protobuf.UInt64Value" -> wrapper(name, "uint64");
            case "google.protobuf.FloatValue" -> wrapper(name, "float");
            case "google.protobuf.DoubleValue" -> wrapper(name, "double");
            case "google.protobuf.Empty" -> of(name);
            case "google.protobuf.Any" ->
                    of(name, scalar("type_url", 1, "string"), scalar("value", 2, "bytes"));
            case "google.protobuf.FieldMask" -> of(name, repeated("paths", 1, "string"));
            case "google.protobuf.Struct" ->
                    of(
                            name,
                            new ProtoMessage.Field(
                                    "fields",
                                    1,
                                    ".google.protobuf.Value",
                                    Optional.of("string"),
                                    false,
                                    true,
                                    0));
            case "google.protobuf.ListValue" ->
                    of(name, repeated("values", 1, ".google.protobuf.Value"));
            case "google.protobuf.Value" ->
                    of(
                            name,
                            choice("null_value", 1, "int32"),
                            choice("number_value", 2, "double"),
                            choice("string_value", 3, "string"),
                            choice("bool_value", 4, "bool"),
                            choice("struct_value", 5, ".google.protobuf.Struct"),
                            choice("list_value", 6, ".google.protobuf.ListValue"));
            case "google.type.Date" ->
                    of(
                            name,
                            scalar("year", 1, "int32"),
                            scalar("month", 2, "int32"),
                            scalar("day", 3, "int32"));
            case "google.type.TimeOfDay" ->
                    of(
                            name,
                            scalar("hours", 1, "int32"),
                            scalar("minutes", 2, "int32"),
                            scalar("seconds", 3, "int32"),
                            scalar("nanos", 4, "int32"));
            case "google.type.LatLng" ->
                    of(name, scalar("latitude", 1, "double"), scalar("longitude", 2, "double"));
            case "google.type.Money" ->
                    of(
                            name,
                            scalar("currency_code", 1, "string"),
                            scalar("units", 2, "int64"),
                            scalar("nanos", 3, "int32"));
            case "confluent.type.Decimal" ->
                    of(
                            name,
                            scalar("value", 1, "bytes"),
                            scalar("precision", 2, "uint32"),
                            scalar("scale", 3, "int32"));
            default -> null;
        };
    }

    private static ProtoMessage of(String name, ProtoMessage.Field... fields) {
        return new ProtoMessage(name, List.of(fields), List.of());
    }

    private static ProtoMessage wrapper(String name, String type) {
        return of(name, scalar("value", 1, type));
    }

    private static ProtoMessage.Field scalar(String name, int number, String type) {
        return new ProtoMessage.Field(name, number, type, Optional.empty(), false, true, 0);
    }

    private static ProtoMessage.Field repeated(String name, int number, String type) {
        return new ProtoMessage.Field(name, number, type, Optional.empty(), true, false, 0);
    }

    private static ProtoMessage.Field choice(String name, int number, String type) {
        return new ProtoMessage.Field(name, number, type, Optional.empty(), false, false, 1);
    }
}
