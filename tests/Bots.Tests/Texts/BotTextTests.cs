using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Platform.Bots.BaristaBot;
using Platform.Bots.ClientBot;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Bots.Tests.Texts;

public sealed partial class BotTextTests
{
    private static readonly Dictionary<string, string> Russian = TextsOf("ru");
    private static readonly Dictionary<string, string> English = TextsOf("en");

    [Fact]
    public void Every_text_is_there_in_both_languages_with_the_same_placeholders()
    {
        Russian.Count.ShouldBeGreaterThan(50);
        Russian.Keys.Order().ShouldBe(English.Keys.Order());
        foreach (var (key, russian) in Russian)
        {
            Placeholders(russian).ShouldBe(Placeholders(English[key]), customMessage: key);
        }
    }

    [Fact]
    public void Every_text_that_the_code_names_is_there_and_every_text_is_named()
    {
        var source = string.Concat(Directory.GetFiles(Repository.PathOf("src", "Bots"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var named = Quoted().Matches(source).Select(match => match.Groups[1].Value).ToHashSet();

        // Put together from a part and what the gateway says: a level, the state of a code, a refusal.
        string[] composed = ["level.", "code.", "order.code_", "undo.", "card_check.", "count.", "data.label."];
        Russian.Keys.Where(key => !named.Contains(key) && !composed.Any(key.StartsWith)).ShouldBeEmpty();
    }

    [Fact]
    public void The_commands_of_both_bots_are_described_as_Telegram_takes_them()
    {
        foreach (var script in new[] { GuestScript.Create(), CounterScript.Create() })
        {
            script.Commands.ShouldNotBeEmpty();
            foreach (var (word, description) in script.Commands)
            {
                word.ShouldMatch("^[a-z0-9_]{1,32}$");
                BotText.Plain("ru", description).Length.ShouldBeInRange(3, 256);
                BotText.Plain("en", description).Length.ShouldBeInRange(3, 256);
            }
        }
    }

    [Fact]
    public void What_a_person_has_written_shows_as_he_wrote_it()
    {
        var text = BotText.Get("en", "welcome.back", ("name", "<b>Anna</b> & \"friends\""));

        text.ShouldContain("&lt;b&gt;Anna&lt;/b&gt; &amp; &quot;friends&quot;");
    }

    [Theory]
    [InlineData("ru", "12\u00a0345", "1\u00a0250,50", "1\u00a0250")]
    [InlineData("en", "12,345", "1,250.50", "1,250")]
    public void Numbers_are_written_as_the_language_has_it(string language, string points, string sum, string wholeSum)
    {
        BotText.Get(language, "order.spend", ("amount", new Money(1250.50m)), ("balance", new Points(12345)), ("max", new Points(1))).ShouldSatisfyAllConditions(
            text => text.ShouldContain(WebEncoded(points)), text => text.ShouldContain(WebEncoded(sum)));
        BotText.Get(language, "order.spend", ("amount", new Money(1250m)), ("balance", Points.Zero), ("max", Points.Zero)).ShouldContain(WebEncoded(wholeSum));
    }

    [Theory]
    [InlineData("ru", 1, "1 балл")]
    [InlineData("ru", 3, "3 балла")]
    [InlineData("ru", 11, "11 баллов")]
    [InlineData("ru", 12345, "12\u00a0345 баллов")]
    [InlineData("en", 1, "1 point")]
    [InlineData("en", 21, "21 points")]
    public void Points_are_counted_in_words(string language, long points, string said) =>
        BotText.Get(language, "order.balance", ("balance", new Points(points))).ShouldEndWith($" {WebEncoded(said)}");

    [Theory]
    [InlineData("ru", 1, "через 1 секунду.")]
    [InlineData("ru", 90, "через 90 секунд.")]
    [InlineData("ru", 91, "через 2 минуты.")]
    [InlineData("ru", 1260, "через 21 минуту.")]
    [InlineData("ru", 5400, "через 90 минут.")]
    [InlineData("ru", 5401, "через 2 часа.")]
    [InlineData("ru", 86400, "через 24 часа.")]
    [InlineData("en", 42, "in 42 seconds.")]
    [InlineData("en", 86400, "in 24 hours.")]
    public void How_long_to_wait_is_told_in_the_unit_that_people_would_use(string language, long seconds, string said) =>
        BotText.Get(language, "too_often", ("seconds", seconds)).ShouldEndWith(said);

    [Theory]
    [InlineData("ru", "01.03.2026")]
    [InlineData("en", "1 March 2026")]
    public void Days_are_written_as_the_notifications_write_them(string language, string said) =>
        BotText.Get(language, "profile.birth_date", ("date", new DateOnly(2026, 3, 1))).ShouldEndWith(said);

    [Theory]
    [InlineData(null, "ru")]
    [InlineData("ru", "ru")]
    [InlineData("ru-RU", "ru")]
    [InlineData("kk", "ru")]
    [InlineData("en", "en")]
    [InlineData("en-US", "en")]
    [InlineData("de", "en")]
    public void A_person_is_first_spoken_to_in_the_language_of_his_Telegram(string? telegram, string language) => BotText.LanguageOf(telegram).ShouldBe(language);

    private static string WebEncoded(string text) => BotText.Escape(text);

    private static Dictionary<string, string> TextsOf(string language)
    {
        var resources = new ResourceManager("Platform.Bots.Texts.Texts", typeof(BotText).Assembly);
        return resources.GetResourceSet(CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: language == "en")!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
    }

    private static List<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(match => match.Value).Distinct().Order()];

    [GeneratedRegex(@"\{\w+(:\w+)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("\"([a-z_]+(?:\\.[a-z_]+)*)\"")]
    private static partial Regex Quoted();
}
