package org.virtugrid.e2e.harness;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the grid that {@link WithGrid} asks for, and ends it when nobody uses it any more. */
final class GridExtension
        implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback, ParameterResolver {
    private static final Namespace SPACE = Namespace.create(GridExtension.class);
    private static final String SHARED = "shared";
    private static final String OWN = "own";
    private static final String TROUBLE = "trouble";

    @Override
    public void beforeAll(ExtensionContext context) {
        WithGrid wanted = wanted(context);
        if (wanted.value() == WithGrid.Kind.SHARED) {
            shared(context);
            return;
        }
        closeShared(context); // one grid at a time leaves this machine room
        Grid grid = Grid.prepare(context.getRequiredTestClass().getSimpleName());
        context.getStore(SPACE).put(OWN, grid); // the store closes it
        if (wanted.value() == WithGrid.Kind.OWN) {
            grid.up("--workers", Integer.toString(wanted.workers()), "--worker-memory", wanted.memory());
        }
    }

    private static WithGrid wanted(ExtensionContext context) {
        return context.getRequiredTestClass().getAnnotation(WithGrid.class);
    }

    private static Grid shared(ExtensionContext context) {
        return root(context).computeIfAbsent(SHARED, key -> begin(), Grid.class);
    }

    private static Grid begin() {
        Grid grid = Grid.prepare(SHARED);
        try {
            return grid.up("--worker-memory", "512MiB");
        } catch (AssertionError | RuntimeException e) {
            grid.close();
            throw e;
        }
    }

    private static void closeShared(ExtensionContext context) {
        Grid grid = root(context).remove(SHARED, Grid.class);
        if (grid != null) {
            grid.close();
        }
    }

    private static Store root(ExtensionContext context) {
        return context.getRoot().getStore(SPACE);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            root(context).put(TROUBLE, true);
        }
    }

    /** What a failed test may have left behind shall not fail the next class. */
    @Override
    public void afterAll(ExtensionContext context) {
        if (root(context).remove(TROUBLE) != null) {
            closeShared(context);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Grid.class;
    }

    @Override
    public Grid resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Grid own = context.getStore(SPACE).get(OWN, Grid.class);
        return own == null ? shared(context) : own;
    }
}
