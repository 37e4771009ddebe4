using Platform.Bots.ClientBot;

namespace Platform.Bots.Tests.ClientBot;

public sealed class TypedDateTests
{
    private static readonly DateOnly Today = new(2026, 11, 28);

    [Theory]
    [InlineData("12.03.1994", false)]
    [InlineData("12.3.1994", false)]
    [InlineData("12-03-1994", false)]
    [InlineData("1994-03-12", false)]
    [InlineData("12031994", false)]
    [InlineData("12 марта 1994", false)]
    [InlineData("12 марта 1994 г.", false)]
    [InlineData("12 Марта 1994 года", false)]
    [InlineData("12 мар 1994", false)]
    [InlineData("12-го марта 1994", false)]
    [InlineData("March 12, 1994", false)]
    [InlineData("12 March 1994", false)]
    [InlineData("12th of March, 1994", false)]
    [InlineData("mar 12 1994", false)]
    [InlineData("12/03/1994", true)]
    [InlineData("12/3/94", true)]
    [InlineData("12.3.94", true)]
    public void A_date_is_parsed_in_every_usual_notation_and_doubtful_where_ambiguous(string typed, bool doubtful) =>
        TypedDate.Parse(typed, Today).ShouldBe(new TypedDate.Of(new DateOnly(1994, 3, 12), doubtful));

    [Theory]
    [InlineData("12/25/1990", 1990, 12, 25, true)]
    [InlineData("25/12/1990", 1990, 12, 25, false)]
    [InlineData("5/5/1990", 1990, 5, 5, false)]
    [InlineData("01.01.2013", 2013, 1, 1, true)]
    [InlineData("01.01.2012", 2012, 1, 1, false)]
    [InlineData("01.01.1926", 1926, 1, 1, true)]
    [InlineData("29.02.2000", 2000, 2, 29, false)]
    [InlineData("1.1.05", 2005, 1, 1, true)]
    [InlineData("9 мая 1985", 1985, 5, 9, false)]
    [InlineData("1 июля 1985", 1985, 7, 1, false)]
    [InlineData("1 июня 1985", 1985, 6, 1, false)]
    public void An_unusual_birth_date_is_doubtful(string typed, int year, int month, int day, bool doubtful) =>
        TypedDate.Parse(typed, Today).ShouldBe(new TypedDate.Of(new DateOnly(year, month, day), doubtful));

    [Fact]
    public void An_impossible_birth_date_has_a_reason()
    {
        TypedDate.Parse("31.02.1990", Today).ShouldBe(new TypedDate.NoSuchDay(31, 2, 1990));
        TypedDate.Parse("29 февраля 2001", Today).ShouldBe(new TypedDate.NoSuchDay(29, 2, 2001));
        TypedDate.Parse("01.01.2030", Today).ShouldBe(new TypedDate.InFuture(new DateOnly(2030, 1, 1)));
        TypedDate.Parse("28.11.2026", Today).ShouldBe(new TypedDate.InFuture(new DateOnly(2026, 11, 28)));
        TypedDate.Parse("01.01.2023", Today).ShouldBe(new TypedDate.TooYoung(new DateOnly(2023, 1, 1)));
        TypedDate.Parse("28.11.2021", Today).ShouldBeOfType<TypedDate.Of>();
        TypedDate.Parse("01.01.1850", Today).ShouldBe(new TypedDate.TooLongAgo(1850));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Казань")]
    [InlineData("12.03")]
    [InlineData("12 марта")]
    [InlineData("12.13.1994.1")]
    [InlineData("13.13.1994")]
    [InlineData("0.5.1994")]
    [InlineData("12.03.994")]
    [InlineData("12 марша 1994")]
    [InlineData("12:03:1994")]
    [InlineData("12.03.1994?")]
    public void A_text_that_is_not_a_date_is_not_guessed_at(string typed) => TypedDate.Parse(typed, Today).ShouldBeOfType<TypedDate.NotUnderstood>();
}
