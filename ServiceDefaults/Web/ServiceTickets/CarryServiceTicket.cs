using System.Net.Http.Headers;

namespace Platform.ServiceDefaults.Web.ServiceTickets;

/// <summary>Puts a ticket on every call to another service.</summary>
/// <param name="service">The one that is called: <c>billing</c>.</param>
public sealed class CarryServiceTicket(ServiceTicketIssuer tickets, string service) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tickets.IssueFor(service));
        return base.SendAsync(request, cancellationToken);
    }
}
