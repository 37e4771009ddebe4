using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

public sealed class CardTokensTests
{
    private static readonly MemberId Member = MemberId.TryParse("MNT-7KQ2M9X7", out var id) ? id : throw new InvalidOperationException();

    [Theory]
    [InlineData(0)]
    [InlineData(59)]
    // It takes time to walk up to the counter, or the staff's machine is ahead.
    [InlineData(60)]
    [InlineData(119)]
    // The staff's machine is behind.
    [InlineData(-1)]
    [InlineData(-60)]
    public void A_card_is_good_in_its_minute_and_in_the_one_before_and_after(int secondsLater) => Read(secondsLater).ShouldBe(CardVerdict.Genuine);

    [Theory]
    [InlineData(120)]
    [InlineData(3600)]
    [InlineData(-61)]
    public void A_card_of_another_time_is_stale(int secondsLater) => Read(secondsLater).ShouldBe(CardVerdict.Stale);

    [Fact]
    public void Another_minute_has_another_token()
    {
        var clock = new FakeTimeProvider(Moment);
        var tokens = Tokens(clock);
        var (first, refreshAt) = tokens.Issue(Member);

        refreshAt.ShouldBe(Moment.AddMinutes(1));
        clock.Advance(TimeSpan.FromSeconds(59));
        tokens.Issue(Member).Token.ShouldBe(first);
        clock.Advance(TimeSpan.FromSeconds(1));
        tokens.Issue(Member).Token.ShouldNotBe(first);
    }

    [Fact]
    public void It_fits_behind_the_start_of_a_bots_link() => Tokens(new FakeTimeProvider(Moment)).Issue(Member).Token.ShouldMatch("^[A-Za-z0-9_-]{1,64}$");

    [Fact]
    public void What_was_signed_with_another_secret_is_forged()
    {
        var another = Tokens(new FakeTimeProvider(Moment), "the secret of another coffee chain altogether").Issue(Member).Token;

        Tokens(new FakeTimeProvider(Moment)).Read(another, out _).ShouldBe(CardVerdict.Forged);
    }

    [Fact]
    public void Whatever_is_changed_of_a_token_is_noticed()
    {
        var tokens = Tokens(new FakeTimeProvider(Moment));
        var genuine = tokens.Issue(Member).Token;
        Prop.ForAll(Gen.Choose(0, genuine.Length - 1).ToArbitrary(), Gen.Elements("AZaz09_-% +é\0".ToCharArray()).ToArbitrary(), (place, character) =>
        {
            var changed = genuine.ToCharArray();
            changed[place] = character;
            // The card's number alone is read as people type it; a signature has one spelling.
            return changed[place] == genuine[place] || tokens.Read(new string(changed), out _) == CardVerdict.Forged;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("MNT-7KQ2M9X7")]
    [InlineData("MNT-7KQ2M9X7-")]
    [InlineData("MNT-7KQ2M9X7--")]
    [InlineData("MNT-7KQ2M9X7-29540000-")]
    [InlineData("MNT-7KQ2M9X7-99999999999999999999-AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("MNT-7KQ2M9X7-29540000-AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("https://t.me/coffee?start=MNT-7KQ2M9X7")]
    public void What_is_no_token_is_forged(string text) => Tokens(new FakeTimeProvider(Moment)).Read(text, out _).ShouldBe(CardVerdict.Forged);

    [Fact]
    public void Nothing_that_is_sent_breaks_it() => Prop.ForAll<NonNull<string>>(text =>
        Tokens(new FakeTimeProvider(Moment)).Read(text.Get, out _) == CardVerdict.Forged).QuickCheckThrowOnFailure();

    /// <summary>The first second of a minute.</summary>
    private static readonly DateTimeOffset Moment = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    private static CardVerdict Read(int secondsLater)
    {
        var verdict = Tokens(new FakeTimeProvider(Moment.AddSeconds(secondsLater))).Read(Tokens(new FakeTimeProvider(Moment)).Issue(Member).Token, out var member);
        member.ShouldBe(Member);
        return verdict;
    }

    private static CardTokens Tokens(FakeTimeProvider clock, string secret = UsersApp.CardSecret) => new(Options.Create(new CardSettings { Secret = secret }), clock);
}
