/** What people are told when something is wrong: rules, alerts, and how they reach somebody. */
@NullMarked
package dev.tarn.model.alert;

import org.jspecify.annotations.NullMarked;
