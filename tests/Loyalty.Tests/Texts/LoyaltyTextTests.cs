using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Platform.Contracts;
using Platform.Loyalty.Texts;

namespace Platform.Loyalty.Tests.Texts;

public sealed partial class LoyaltyTextTests
{
    private static readonly ResourceManager Texts = new("Platform.Loyalty.Texts.Texts", typeof(LoyaltyText).Assembly);

    [Theory]
    [InlineData(0, "0 баллов", "0 points")]
    [InlineData(1, "1 балл", "1 point")]
    [InlineData(2, "2 балла", "2 points")]
    [InlineData(5, "5 баллов", "5 points")]
    [InlineData(11, "11 баллов", "11 points")]
    [InlineData(12, "12 баллов", "12 points")]
    [InlineData(21, "21 балл", "21 points")]
    [InlineData(104, "104 балла", "104 points")]
    [InlineData(111, "111 баллов", "111 points")]
    [InlineData(12001, "12\u00a0001 балл", "12,001 points")]
    public void Points_are_counted_in_both_languages(long points, string russian, string english)
    {
        LoyaltyText.Counted("points", points, "ru").ShouldBe(russian);
        LoyaltyText.Counted("points", points, "en").ShouldBe(english);
    }

    [Fact]
    public void Every_text_exists_in_both_languages_with_the_same_placeholders()
    {
        var (english, russian) = (All("en"), All("ru"));

        english.Count.ShouldBeGreaterThan(30);
        russian.Keys.ShouldBe(english.Keys, ignoreOrder: true);
        foreach (var (key, text) in english)
        {
            Placeholders(russian[key]).ShouldBe(Placeholders(text), ignoreOrder: true, key);
        }
    }

    [Fact]
    public void A_level_without_a_name_is_called_by_its_usual_name_or_its_key()
    {
        LoyaltyText.Level("gold", name: null, "ru").ShouldBe("«Золото»");
        LoyaltyText.Level("gold", "Завсегдатай", "ru").ShouldBe("Завсегдатай");
        LoyaltyText.Level("diamond", name: null, "en").ShouldBe("diamond");
    }

    [Fact]
    public void A_text_without_a_value_for_its_placeholder_is_an_error() =>
        Should.Throw<InvalidOperationException>(() => LoyaltyText.Get("why.bonus", "ru", ("order", new OrderId(1))));

    private static Dictionary<string, string> All(string language) =>
        // The invariant texts are the English ones; other languages must not fall back to them here.
        Texts.GetResourceSet(CultureInfo.GetCultureInfo(language == "en" ? "" : language), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(text => (string)text.Key, text => (string)text.Value!);

    private static IEnumerable<string> Placeholders(string text) => Placeholder().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
