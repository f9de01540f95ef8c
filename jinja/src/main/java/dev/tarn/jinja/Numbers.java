package dev.tarn.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** Python's int, bool, float and Decimal. */
final class Numbers {
    private static final long LARGEST_POWER_BITS = 1_000_000;

    private Numbers() {}

    static boolean isInt(@Nullable Object value) {
        return value instanceof Long
                || value instanceof Integer
                || value instanceof BigInteger
                || value instanceof Short
                || value instanceof Byte;
    }

    /** Says whether it is an int or a bool. */
    static boolean integral(@Nullable Object value) {
        return value instanceof Boolean || isInt(value);
    }

    static boolean numeric(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static boolean isFloat(@Nullable Object value) {
        return value instanceof Double || value instanceof Float;
    }

    static Object normal(BigInteger value) {
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    static BigInteger big(@Nullable Object value) {
        return switch (value) {
            case BigInteger i -> i;
            case Boolean b -> b ? BigInteger.ONE : BigInteger.ZERO;
            case Number n when isInt(n) -> BigInteger.valueOf(n.longValue());
            case null, default ->
                    throw ValueErrors.cannot(value, "cannot be interpreted as an integer");
        };
    }

    static double real(@Nullable Object value) {
        return switch (value) {
            case Boolean b -> b ? 1 : 0;
            case Number n -> n.doubleValue();
            case null, default ->
                    throw value instanceof Undefined undefined
                            ? undefined.error()
                            : ValueErrors.type(
                                    "must be real number, not " + Values.typeName(value));
        };
    }

    static BigDecimal decimal(@Nullable Object value) {
        return switch (value) {
            case BigDecimal d -> d;
            case Double d -> finite(d);
            case Float f -> finite(f);
            case null, default -> new BigDecimal(big(value));
        };
    }

    private static BigDecimal finite(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw ValueErrors.value(
                    "cannot convert float "
                            + (Double.isNaN(value) ? "NaN" : "infinity")
                            + " to integer");
        }
        return new BigDecimal(value);
    }

    static long toLong(@Nullable Object value) {
        if (value instanceof Long l) {
            return l;
        }
        BigInteger big = big(value);
        if (big.bitLength() > 63) {
            throw ValueErrors.value("Python int too large to convert to C ssize_t");
        }
        return big.longValue();
    }

    /** Returns an int that is used as a size or position; far ones are cut to the int range. */
    static int toInt(@Nullable Object value) {
        BigInteger big = value instanceof Long l ? BigInteger.valueOf(l) : big(value);
        return big.bitLength() < 32
                ? big.intValue()
                : big.signum() < 0 ? Integer.MIN_VALUE / 2 : Integer.MAX_VALUE / 2;
    }

    private static boolean decimals(@Nullable Object a, @Nullable Object b) {
        return a instanceof BigDecimal || b instanceof BigDecimal;
    }

    static Object add(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            long sum = x + y;
            return ((x ^ sum) & (y ^ sum)) >= 0 ? (Object) sum : big(a).add(big(b));
        }
        if (integral(a) && integral(b)) {
            return normal(big(a).add(big(b)));
        }
        return decimals(a, b) ? (Object) decimal(a).add(decimal(b)) : (Object) (real(a) + real(b));
    }

    static Object subtract(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            long difference = x - y;
            return ((x ^ y) & (x ^ difference)) >= 0
                    ? (Object) difference
                    : big(a).subtract(big(b));
        }
        if (integral(a) && integral(b)) {
            return normal(big(a).subtract(big(b)));
        }
        return decimals(a, b)
                ? (Object) decimal(a).subtract(decimal(b))
                : (Object) (real(a) - real(b));
    }

    static Object multiply(Object a, Object b) {
        if (integral(a) && integral(b)) {
            BigInteger x = big(a);
            BigInteger y = big(b);
            checkBits(x.bitLength() + (long) y.bitLength());
            return normal(x.multiply(y));
        }
        return decimals(a, b)
                ? (Object) decimal(a).multiply(decimal(b))
                : (Object) (real(a) * real(b));
    }

    static Object divide(Object a, Object b) {
        if (decimals(a, b)) {
            if (decimal(b).signum() == 0) {
                throw ValueErrors.zeroDivision("division by zero");
            }
            return decimal(a).divide(decimal(b), MathContext.DECIMAL128).stripTrailingZeros();
        }
        if (real(b) == 0) {
            throw ValueErrors.zeroDivision(
                    isFloat(a) || isFloat(b) ? "float division by zero" : "division by zero");
        }
        if (integral(a) && integral(b)) {
            BigInteger x = big(a);
            BigInteger y = big(b);
            if (x.bitLength() > 53 || y.bitLength() > 53) {
                return new BigDecimal(x)
                        .divide(new BigDecimal(y), new MathContext(40))
                        .doubleValue();
            }
        }
        return real(a) / real(b);
    }

    static Object floorDivide(Object a, Object b) {
        if (integral(a) && integral(b)) {
            BigInteger divisor = big(b);
            if (divisor.signum() == 0) {
                throw ValueErrors.zeroDivision("integer division or modulo by zero");
            }
            BigInteger[] parts = big(a).divideAndRemainder(divisor);
            boolean down = parts[1].signum() != 0 && parts[1].signum() != divisor.signum();
            return normal(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
        }
        if (decimals(a, b)) {
            return decimal(a).divideToIntegralValue(decimal(b));
        }
        if (real(b) == 0) {
            throw ValueErrors.zeroDivision("float floor division by zero");
        }
        return Math.floor(real(a) / real(b));
    }

    static Object modulo(Object a, Object b) {
        if (integral(a) && integral(b)) {
            BigInteger divisor = big(b);
            if (divisor.signum() == 0) {
                throw ValueErrors.zeroDivision("integer modulo by zero");
            }
            BigInteger rest = big(a).remainder(divisor);
            return normal(
                    rest.signum() != 0 && rest.signum() != divisor.signum()
                            ? rest.add(divisor)
                            : rest);
        }
        if (decimals(a, b)) {
            return decimal(a).remainder(decimal(b));
        }
        double divisor = real(b);
        if (divisor == 0) {
            throw ValueErrors.zeroDivision("float modulo");
        }
        double rest = real(a) % divisor;
        return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest;
    }

    static Object power(Object a, Object b) {
        if (integral(a) && integral(b)) {
            BigInteger base = big(a);
            BigInteger exponent = big(b);
            if (exponent.signum() >= 0) {
                boolean small = base.abs().bitLength() <= 1;
                if (small) {
                    boolean odd = exponent.testBit(0);
                    return exponent.signum() == 0
                            ? (Object) 1L
                            : normal(odd ? base : base.multiply(base));
                }
                checkBits(
                        exponent.bitLength() > 31
                                ? Long.MAX_VALUE
                                : base.bitLength() * exponent.longValue());
                return normal(base.pow(exponent.intValue()));
            }
            if (base.signum() == 0) {
                throw ValueErrors.zeroDivision("0.0 cannot be raised to a negative power");
            }
        }
        if (decimals(a, b) && integral(b)) {
            return decimal(a).pow((int) toLong(b), MathContext.DECIMAL128);
        }
        double result = Math.pow(real(a), real(b));
        if (Double.isInfinite(result) && Double.isFinite(real(a)) && Double.isFinite(real(b))) {
            throw ValueErrors.value("The result of '**' is too large for a float");
        }
        return result;
    }

    static Object negate(Object a) {
        if (a instanceof Long l && l != Long.MIN_VALUE) {
            return -l;
        }
        return integral(a)
                ? normal(big(a).negate())
                : a instanceof BigDecimal d ? (Object) d.negate() : (Object) (-real(a));
    }

    private static void checkBits(long bits) {
        if (bits > LARGEST_POWER_BITS) {
            throw LimitErrors.size(bits, LARGEST_POWER_BITS);
        }
    }

    static int compare(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (integral(a) && integral(b)) {
            return big(a).compareTo(big(b));
        }
        if (special(a) || special(b)) {
            return Double.compare(real(a), real(b));
        }
        return decimal(a).compareTo(decimal(b));
    }

    private static boolean special(Object value) {
        return isFloat(value) && (Double.isNaN(real(value)) || Double.isInfinite(real(value)));
    }

    static boolean equal(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return x.longValue() == y.longValue();
        }
        return !isNan(a) && !isNan(b) && compare(a, b) == 0;
    }

    static boolean isNan(@Nullable Object value) {
        return isFloat(value) && Double.isNaN(real(value));
    }
}
