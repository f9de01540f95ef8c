package dev.tarn.cli;

import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads whole numbers of the command line, and says in plain words what is none. */
final class WholeNumbers {
    private static final long INT = Integer.MAX_VALUE;

    private WholeNumbers() {}

    /** Makes all options of a program that take whole numbers refuse others in the same words. */
    static void register(CommandLine commandLine) {
        ITypeConverter<Integer> whole = text -> Math.toIntExact(number(text, INT));
        ITypeConverter<Long> large = text -> number(text, Long.MAX_VALUE);
        commandLine.registerConverter(int.class, whole);
        commandLine.registerConverter(Integer.class, whole);
        commandLine.registerConverter(long.class, large);
        commandLine.registerConverter(Long.class, large);
    }

    /** How many of something: 0 or more. */
    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return Math.toIntExact(notNegative(text, INT));
        }
    }

    /** How many of something of which there can be very many: 0 or more. */
    static final class LongCount implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return notNegative(text, Long.MAX_VALUE);
        }
    }

    private static long notNegative(String text, long largest) {
        long number = number(text, largest);
        if (number < 0) {
            throw new TypeConversionException("'%s' is less than 0".formatted(text));
        }
        return number;
    }

    private static long number(String text, long largest) {
        try {
            long number = Long.parseLong(text);
            if (number <= largest && number >= -largest) {
                return number;
            }
        } catch (NumberFormatException e) {
            if (!text.matches("-?\\d+")) {
                throw new TypeConversionException("'%s' is not a whole number".formatted(text));
            }
        }
        throw new TypeConversionException("'%s' is too large a number".formatted(text));
    }
}
