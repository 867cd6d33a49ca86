package org.virtugrid.grid.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultJsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"\\ud800\"]",
                "[\"a\\udc00b\"]",
                "[\"\\udc00\\ud800\"]",
                "[{\"a\":[\"\\ud800\"]}]",
                "[{\"\\ud800\":1}]"
            })
    void half_a_character_is_refused(String json) {
        assertThatThrownBy(() -> ResultJson.array(json)).hasMessageContaining("input: has a lone surrogate");
        String unescaped = json.replace("\\ud800", "\ud800").replace("\\udc00", "\udc00");
        assertThatThrownBy(() -> ResultJson.array(unescaped)).hasMessageContaining("input: has a lone surrogate");
    }

    @Test
    void characters_of_two_chars_and_escapes_stay() throws Exception {
        assertThat(ResultJson.array("[\"\\ud83d\\ude00\\n\\u00e9\"]").get(0).stringValue())
                .isEqualTo("\ud83d\ude00\n\u00e9");
    }
}
