using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Stack.Stun;

namespace Stack.Transport;

/// <summary>
/// Answers for our names and asks for those of others, over a link of whatever kind (RFC 6762). Names are random, so that they need no probing
/// (section 8.1), and one that nobody answers for is given up after three seconds. Safe for concurrent use.
/// </summary>
internal sealed class MdnsNames(IMdnsLink link, TimeProvider timeProvider) : IMdnsNames
{
    /// <summary>Names that are asked for at the same time; a bound of ours.</summary>
    public const int MaxPending = 256;

    /// <summary>The port of multicast DNS; who asks from another one speaks plain DNS (RFC 6762 section 6.7).</summary>
    public const int Port = 5353;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // RFC 6762 section 6: the same record is not multicast again within a second.
    private static readonly TimeSpan MulticastInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly MonotonicClock _clock = new(timeProvider);
    private readonly Dictionary<string, Published> _published = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TaskCompletionSource<TransportAddress>> _pending = new(StringComparer.OrdinalIgnoreCase);

    public IMdnsName? Publish(TransportAddress address)
    {
        var published = new Published(this, MdnsHostName.Create(), address.WithPort(0));
        lock (_gate)
        {
            _published.Add(published.Name, published);
        }

        Span<byte> buffer = stackalloc byte[MdnsMessage.MaxSize];
        int length = MdnsMessage.WriteResponse(buffer, new MdnsAddress(published.Name, published.Address), legacy: null);
        if (link.SendToAll(buffer[..length]))
        {
            return published;
        }

        published.Dispose();
        return null;
    }

    public async ValueTask<TransportAddress> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        TaskCompletionSource<TransportAddress>? answer;
        lock (_gate)
        {
            if (_published.TryGetValue(name, out Published? own))
            {
                return own.Address;
            }

            if (!_pending.TryGetValue(name, out answer))
            {
                if (_pending.Count >= MaxPending)
                {
                    return default;
                }

                answer = new TaskCompletionSource<TransportAddress>(TaskCreationOptions.RunContinuationsAsynchronously);
                _pending.Add(name, answer);
            }
        }

        try
        {
            Ask(name, wantsUnicast: true);
            try
            {
                return await answer.Task.WaitAsync(RetryAfter, timeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Ask(name, wantsUnicast: false);
            }

            return await answer.Task.WaitAsync(Patience - RetryAfter, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return default;
        }
        finally
        {
            lock (_gate)
            {
                if (_pending.TryGetValue(name, out TaskCompletionSource<TransportAddress>? known) && known == answer)
                {
                    _pending.Remove(name);
                }
            }
        }
    }

    /// <summary>Takes a message of the link.</summary>
    public void Handle(ReadOnlySpan<byte> message, TransportAddress source)
    {
        if (!link.IsOnLink(source) || MdnsMessage.Decode(message) is not { } decoded)
        {
            return;
        }

        if (!decoded.IsResponse)
        {
            Answer(decoded, source);
        }
        else if (source.Port == Port)
        {
            // RFC 6762 section 6: a response from another port is no response.
            Learn(decoded);
        }
    }

    private void Ask(string name, bool wantsUnicast)
    {
        Span<byte> buffer = stackalloc byte[MdnsMessage.MaxSize];
        link.SendToAll(buffer[..MdnsMessage.WriteQuery(buffer, name, wantsUnicast)]);
    }

    private void Learn(MdnsMessage response)
    {
        foreach (MdnsAddress answer in response.Addresses)
        {
            if (answer.Address.IsLoopback || answer.Address.IsUnspecified || answer.Address.Unmapped != answer.Address)
            {
                continue;
            }

            lock (_gate)
            {
                if (_pending.Remove(answer.Name, out TaskCompletionSource<TransportAddress>? waiting))
                {
                    waiting.TrySetResult(answer.Address);
                }
            }
        }
    }

    private void Answer(MdnsMessage query, TransportAddress source)
    {
        Span<byte> buffer = stackalloc byte[MdnsMessage.MaxSize];
        foreach (MdnsQuestion question in query.Questions)
        {
            bool isLegacy = source.Port != Port;
            bool isUnicast = isLegacy || question.WantsUnicast;
            if (Find(question, isUnicast) is not { } address)
            {
                continue;
            }

            int length = MdnsMessage.WriteResponse(buffer, new MdnsAddress(question.Name, address), isLegacy ? (query.Id, question) : null);
            if (isUnicast)
            {
                link.Send(buffer[..length], source);
            }
            else
            {
                link.SendToAll(buffer[..length]);
            }
        }
    }

    private TransportAddress? Find(in MdnsQuestion question, bool isUnicast)
    {
        lock (_gate)
        {
            if (!_published.TryGetValue(question.Name, out Published? published))
            {
                return null;
            }

            int type = (int)(published.Address.Family == StunAddressFamily.IPv4 ? DnsRecordType.A : DnsRecordType.Aaaa);
            Instant now = _clock.Now;
            if ((question.Type != type && question.Type != MdnsMessage.TypeAny) || (!isUnicast && published.LastMulticast + MulticastInterval > now))
            {
                return null;
            }

            if (!isUnicast)
            {
                published.LastMulticast = now;
            }

            return published.Address;
        }
    }

    private void Withdraw(string name)
    {
        lock (_gate)
        {
            _published.Remove(name);
        }
    }

    private sealed class Published(MdnsNames names, string name, TransportAddress address) : IMdnsName
    {
        public string Name => name;

        public TransportAddress Address => address;

        public Instant? LastMulticast { get; set; }

        public void Dispose() => names.Withdraw(name);
    }
}
