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
/// Sends a code to an e-mail address, to sign in, register, prove an address or recover an account. Mail and response are the same whether
/// the address is known or not.
/// </summary>
internal static class SendEmailCode
{
    private static readonly TimeSpan TryAgainIn = TimeSpan.FromMinutes(1);

    /// <param name="Language">Language of the mail: <c>ru</c>, the default, or <c>en</c>. Registered people get their own language.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength), Mailbox] string Email,
        [OneOf(User.Russian, User.English)] string? Language = null);

    /// <param name="RequestId">Send it back with the code: only the requester can use the code.</param>
    public sealed record Response(string RequestId);

    internal static readonly Response Example = new("mJ4vQ0c2T1u9Zk3xW8yBfg");

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SendEmailCode))
        .WithSummary("Sends a one-time code of six digits to an e-mail address")
        .WithDescription(
            "The code is valid for ten minutes and five tries, together with the requestId of this response. A bot may leave the requestId out, "
            + "since its token says whom it acts for. The response is the same whether the address is known or not.")
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

        var (email, hour) = (EmailAddress.From(request.Email), TimeSpan.FromHours(1));
        // The caller's own limit comes first, so that a caller over it does not use up the mailbox's.
        if (await limits.Take("email_codes_of_address", LimitSubject(caller, http), options.Value.CodesPerAddress, hour, ct) is { } tooManyByCaller)
        {
            return tooManyByCaller;
        }

        var owner = await db.UsersWith(email).Select(user => new { user.Id, user.Language }).SingleOrDefaultAsync(ct);
        var knownNetwork = await TokenFamily.IsKnownNetwork(email, CallerNetwork.Of(http), db, ct);
        // A known owner of the mailbox has a separate limit, which strangers cannot use up.
        var limit = knownNetwork || (owner is not null && caller?.UserId == owner.Id) ? "email_codes_to_owner" : "email_codes_to_mailbox";
        if (await limits.Take(limit, email.Subject, options.Value.CodesPerMailbox, hour, ct) is { } tooManyPerHour)
        {
            return tooManyPerHour;
        }

        if (await limits.Take($"{limit}_a_day", email.Subject, options.Value.CodesPerMailboxADay, TimeSpan.FromDays(1), ct) is { } tooManyPerDay)
        {
            return tooManyPerDay;
        }

        var (sent, code, requestId) = await EmailCode.Create(email, caller, db, clock.GetUtcNow(), ct);
        var (subject, text) = MailText.ForCode(code, owner?.Language ?? request.Language ?? User.Russian);
        if (await mailer.Send(email, subject, text, ct))
        {
            return TypedResults.Accepted((string?)null, new Response(requestId));
        }

        // Even when the caller has disconnected.
        await sent.Delete(db, CancellationToken.None);
        return Problems.For(UsersErrors.MailUnavailable, retryAfter: TryAgainIn);
    }

    /// <summary>Whom the limits on codes apply to: the person whom a bot acts for, otherwise the network.</summary>
    /// <remarks>
    /// A bot calls for everyone from one address. For direct callers a token says nothing: someone with a hundred mailboxes can have a hundred
    /// guest tokens.
    /// </remarks>
    private static string LimitSubject(Caller? caller, HttpContext http) =>
        caller is { Actor: not null } ? caller.Subject : CallerNetwork.Of(http).ToString();

    /// <summary>Counts one of the caller's tries with a code, across all routes that use codes.</summary>
    /// <returns>The refusal when no tries are left.</returns>
    public static Task<ProblemHttpResult?> CountAttempt(Caller? caller, HttpContext http, RateLimits limits, UsersOptions options, CancellationToken ct) =>
        limits.Take("email_confirm", LimitSubject(caller, http), options.CodeTriesPerAddress, TimeSpan.FromHours(1), ct);
}
