using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Users.Mail;
using Platform.Users.Storage;
using Platform.Users.Texts;

namespace Platform.Users.SignIn;

/// <summary>
/// Mails a person whose account was recovered by phone: a number may have passed to someone else, a mailbox rarely does.
/// </summary>
/// <remarks>
/// Runs as an event handler, so that a slow mail server does not hold up the recovery. If the process dies right after sending, the mail
/// is sent twice.
/// </remarks>
internal sealed class SendRecoveryMail(UsersDb db, Mailer mailer) : IEventHandler<AccountRecovered>
{
    public async Task Handle(AccountRecovered happened, CancellationToken ct)
    {
        // A recovery by e-mail already went through the mailbox.
        if (!happened.ByPhone || !mailer.IsSet)
        {
            return;
        }

        var person = await db.Users.Where(user => user.Id == happened.UserId && user.Email != null)
            .Select(user => new { user.Email, user.Language }).SingleOrDefaultAsync(ct);
        if (person is null)
        {
            return;
        }

        var (subject, text) = MailText.ForRecovery(person.Language);
        if (!await mailer.Send(EmailAddress.From(person.Email!), subject, text, ct))
        {
            throw new InvalidOperationException("The mail server did not accept the mail about a recovery.");
        }
    }
}
