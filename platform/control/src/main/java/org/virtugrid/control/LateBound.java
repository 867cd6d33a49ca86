package org.virtugrid.control;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/** Stands in for a service that is there later; until then each call fails as its supplier does. */
final class LateBound {
    private LateBound() {}

    static <T> T of(Class<T> type, Supplier<? extends T> source) {
        Object proxy =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return switch (method.getName()) {
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "late-bound " + type.getSimpleName();
                        };
                    }
                    try {
                        return method.invoke(source.get(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }
}
