using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Users.Mail;
using Platform.Users.Storage;
using Platform.Users.Texts;

namespace Platform.Users.SignIn;

/// <summary>
/// Tells the mailbox of a person whose account was recovered by phone: a number may have passed to somebody else, a mailbox rarely has.
/// </summary>
/// <remarks>
/// Apart from the recovery, so that a slow mail server holds up nobody. A mail cannot be taken back: when the process dies after it, it
/// comes twice.
/// </remarks>
internal sealed class MailOfRecovery(UsersDb db, Mailer mailer) : IHandle<AccountRecovered>
{
    public async Task Handle(AccountRecovered happened, CancellationToken ct)
    {
        // Who recovered by the mailbox was in it. An installation without mail has no other way to tell.
        if (!happened.ByPhone || !mailer.IsSet)
        {
            return;
        }

        var person = await db.Users.Where(user => user.Id == happened.UserId && user.Email != null).Select(user => new { user.Email, user.Language }).SingleOrDefaultAsync(ct);
        if (person is null)
        {
            return;
        }

        var (subject, text) = MailText.OfRecovery(person.Language);
        if (!await mailer.Send(EmailAddress.Of(person.Email!), subject, text, ct))
        {
            throw new InvalidOperationException("The mail server has not taken the news of a recovery.");
        }
    }
}
