using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.People;
using Platform.Users.Storage;
using Platform.Users.Texts;

namespace Platform.Users.SignIn;

/// <summary>
/// Sends a code to an e-mail address: to sign in by, to register with, to prove an address or to recover an account. Known or not, the
/// address gets the same mail and the caller the same answer.
/// </summary>
internal static class SendEmailCode
{
    private static readonly TimeSpan TryAgainIn = TimeSpan.FromMinutes(1);

    /// <param name="Language">Of the mail: <c>ru</c>, which is the default, or <c>en</c>. A registered person gets it in his own.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength), Mailbox] string Email,
        [OneOf(User.Russian, User.English)] string? Language = null);

    /// <param name="RequestId">Comes with the code when it is used: the code is good for whoever asked for it alone.</param>
    public sealed record Response(string RequestId);

    internal static readonly Response Example = new("mJ4vQ0c2T1u9Zk3xW8yBfg");

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SendEmailCode))
        .WithSummary("Sends a one-time code of six digits to an e-mail address")
        .WithDescription(
            "The code is good for ten minutes and five tries, together with the requestId of this answer. A bot may leave that out: its token "
            + "tells for whom it asked. The answer is the same whether anybody has this address.")
        .WithExample(new Request("anna@example.com", User.Russian), Example)
        .Refuses(UsersErrors.MailUnavailable, PlatformErrors.RateLimited);

    public static async Task<Results<Accepted<Response>, ProblemHttpResult>> Handle(
        Request request, Caller? caller, HttpContext http, UsersDb db, RateLimits limits, Mailer mailer,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (!mailer.IsSet)
        {
            return Problems.For(UsersErrors.MailUnavailable, retryAfter: TryAgainIn);
        }

        var (email, hour) = (EmailAddress.Of(request.Email), TimeSpan.FromHours(1));
        // The caller's own limit first: over it, he takes nothing off that of a mailbox which is not his.
        if (await limits.Take("email_codes_of_address", WhoAsks(caller, http), options.Value.CodesPerAddress, hour, ct) is { } tooManyOfHis)
        {
            return tooManyOfHis;
        }

        var owner = await db.UsersWith(email).Select(user => new { user.Id, user.Language }).SingleOrDefaultAsync(ct);
        var knownNetwork = await TokenFamily.IsKnown(email, CallerNetwork.Of(http), db, ct);
        // Whoever is known to have the mailbox has permits of their own: strangers can use up none but each other's.
        var limit = knownNetwork || (owner is not null && caller?.UserId == owner.Id) ? "email_codes_to_owner" : "email_codes_to_mailbox";
        if (await limits.Take(limit, email.Subject, options.Value.CodesPerMailbox, hour, ct) is { } tooManyToIt)
        {
            return tooManyToIt;
        }

        if (await limits.Take($"{limit}_a_day", email.Subject, options.Value.CodesPerMailboxADay, TimeSpan.FromDays(1), ct) is { } tooManyADay)
        {
            return tooManyADay;
        }

        var (sent, code, requestId) = await EmailCode.Draw(email, caller, db, clock.GetUtcNow(), ct);
        var (subject, text) = MailText.OfCode(code, owner?.Language ?? request.Language ?? User.Russian);
        if (await mailer.Send(email, subject, text, ct))
        {
            return TypedResults.Accepted((string?)null, new Response(requestId));
        }

        // Also when the caller has gone meanwhile.
        await sent.Void(db, CancellationToken.None);
        return Problems.For(UsersErrors.MailUnavailable, retryAfter: TryAgainIn);
    }

    /// <summary>Whom the limits of codes count: the person for whom a bot asks, else the network address.</summary>
    /// <remarks>
    /// A bot asks for everybody from one address. Of those who come themselves a token says nothing: whoever has a hundred mailboxes
    /// has a guest's token of each.
    /// </remarks>
    private static string WhoAsks(Caller? caller, HttpContext http) =>
        caller is { Actor: not null } ? caller.Subject : CallerNetwork.Of(http).ToString();

    /// <summary>Takes one of the caller's tries with a code, wherever it is used.</summary>
    /// <returns>The refusal when none is left.</returns>
    public static Task<ProblemHttpResult?> CountTry(Caller? caller, HttpContext http, RateLimits limits, UsersOptions options, CancellationToken ct) =>
        limits.Take("email_confirm", WhoAsks(caller, http), options.CodeTriesPerAddress, TimeSpan.FromHours(1), ct);
}
