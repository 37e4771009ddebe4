using Microsoft.AspNetCore.Http.HttpResults;

namespace Platform.Sandbox.Mail;

internal static class ListMail
{
    /// <param name="to">Only mail to this address.</param>
    /// <param name="after">Only mail with a higher number.</param>
    public static Ok<IReadOnlyList<TakenMail>> Handle(string? to, long? after, Mailbox mailbox) => TypedResults.Ok(mailbox.Find(to, after));
}
