package org.virtugrid.control.rest;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.virtugrid.api.Problem;

/** The OpenAPI document, made when somebody asks for it. */
@Configuration(proxyBeanMethods = false)
class ApiDocument {
    private static final Map<String, String> ERRORS = Map.of(
            "400", "wrong input; the problem names the field",
            "401", "no valid token",
            "404", "nothing by that name",
            "409", "refused, because data could be lost (type refused), or in conflict with what is there (conflict)",
            "413", "too large",
            "503", "not possible now, for instance while the grid starts");

    /** Warns at every start that the document is on. It is meant to be, behind the token. */
    private static final String WARNING = "springDocAppInitializer";

    @Bean
    @Lazy
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("VirtuGrid")
                        .version("0.1.0")
                        .description("A data grid that owns its virtual machines. Every path but GET /api/health wants"
                                + " 'Authorization: Bearer TOKEN' with the content of the file 'token' in the home."
                                + " Errors are application/problem+json.")
                        .license(new License().name("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")))
                .addSecurityItem(new SecurityRequirement().addList("token"));
    }

    @Bean
    @Lazy
    OpenApiCustomizer errors() {
        return document -> {
            ModelConverters.getInstance().read(Problem.class).forEach(document.getComponents()::addSchemas);
            Content content = new Content()
                    .addMediaType(
                            "application/problem+json",
                            new MediaType().schema(new Schema<Problem>().$ref("#/components/schemas/Problem")));
            document.getPaths().values().forEach(path -> path.readOperations()
                    .forEach(operation -> ERRORS.forEach((status, text) -> operation
                            .getResponses()
                            .addApiResponse(
                                    status, new ApiResponse().description(text).content(content)))));
        };
    }

    /** Nothing of springdoc is built before the first request for the document: a start should not wait for it. */
    @Bean
    static BeanFactoryPostProcessor lazyDocument() {
        return factory -> {
            if (factory instanceof BeanDefinitionRegistry registry && registry.containsBeanDefinition(WARNING)) {
                registry.removeBeanDefinition(WARNING);
            }
            for (String name : factory.getBeanDefinitionNames()) {
                if (factory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition
                        && isDocumentation(definition)) {
                    definition.setLazyInit(true);
                }
            }
        };
    }

    private static boolean isDocumentation(AbstractBeanDefinition definition) {
        String type = definition.getBeanClassName() == null ? "" : definition.getBeanClassName();
        String maker = definition.getFactoryBeanName() == null ? "" : definition.getFactoryBeanName();
        return type.startsWith("org.springdoc") || maker.startsWith("org.springdoc");
    }
}
