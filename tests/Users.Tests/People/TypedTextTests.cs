using Platform.ServiceDefaults.Web;
using Platform.Users.People;

namespace Platform.Users.Tests.People;

public sealed class TypedTextTests
{
    [Theory]
    [InlineData("  Анна   Смирнова ", "Анна Смирнова")]
    [InlineData("Анна\u202Eдорог", "Аннадорог")]
    [InlineData("\u2067Анна\u2069", "Анна")]
    [InlineData("\u200BАнна\uFEFF", "Анна")]
    [InlineData("Ан\u00ADна", "Анна")]
    [InlineData("Анна\u3164\u3164Смирнова", "Анна Смирнова")]
    [InlineData("\u200DАнна\u200D", "Анна")]
    [InlineData("Анна 👩\u200D💻", "Анна 👩\u200D💻")]
    [InlineData("علی\u200Cرضا", "علی\u200Cرضا")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("Анна\U000E0041", "Анна")]
    [InlineData("𝓐𝓷𝓷𝓪", "𝓐𝓷𝓷𝓪")]
    [InlineData("\u200B\u3164\u2800", "")]
    public void Invisible_characters_are_removed_and_joiners_between_letters_stay(string typed, string kept) => TypedText.Clean(typed).ShouldBe(kept);

    [Theory]
    [InlineData("Я", true)]
    [InlineData("𝓐𝓷𝓷𝓪", true)]
    [InlineData("安娜", true)]
    [InlineData("علی", true)]
    [InlineData("12345", false)]
    [InlineData("🎉", false)]
    [InlineData("\u3164", false)]
    [InlineData("\u115F\u1160", false)]
    [InlineData("\u200B\u200B", false)]
    [InlineData("", false)]
    public void A_visible_letter_of_any_script_counts_as_a_letter(string typed, bool has) => TypedText.HasLetter(typed).ShouldBe(has);

    [Theory]
    [InlineData("anna_s", true)]
    [InlineData("7", true)]
    [InlineData("🎉", true)]
    [InlineData(" \u200B\u200E", false)]
    [InlineData("\u0301", false)]
    public void Text_without_visible_characters_is_blank(string typed, bool visible) => NotBlankAttribute.IsVisible(typed).ShouldBe(visible);
}
