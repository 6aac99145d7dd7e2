using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Threading;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>
/// What the servers of all loops of a process share: quotas, relay ports, reservations, nonce keys, and the budgets of sources that have proven
/// nothing. Safe for concurrent use. The relay path touches only its token buckets, and its list of relayed addresses where a peer is one of
/// them.
/// </summary>
/// <remarks>The only place of this assembly with a lock: nothing is called within it that could take one itself.</remarks>
public sealed class TurnServerResources
{
    private readonly Lock _gate = new();
    private readonly RandomNumberGenerator _random;
    private readonly Dictionary<string, AccountUsage> _accounts = [];
    private readonly Dictionary<TransportAddress, int> _sources = [];
    private readonly Dictionary<(RelayProtocol, TransportAddress), RelayPortPool> _pools = [];
    private readonly Dictionary<ReservationToken, PortReservation> _reservations = [];
    private readonly HashSet<TransportAddress> _liveRelays = [];
    private readonly AuthenticationFailures _provenFailures = new();
    private readonly AuthenticationFailures _unprovenFailures = new();
    private TurnServerLimits _limits;
    private ReplyRateLimiter? _unprovenReplies;
    private ReplyRateLimiter? _provenReplies;
    private volatile NonceSecrets _nonceSecrets;
    private int _allocations;
    private int _mostAllocations;

    /// <summary>Starts with nothing given out.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="replies">The replies that unproven sources may cause; null for no limit.</param>
    /// <param name="nonceKey">The secret that nonces are made with, 32 bytes; servers of a fleet share one.</param>
    /// <param name="startedAt">The wall-clock time at the origin of the loops' clock; asked once, so that a clock that is set changes nothing.</param>
    /// <param name="random">Randomness of cryptographic quality; safe for concurrent use.</param>
    public TurnServerResources(
        TurnServerLimits limits,
        ReplyRateLimit? replies,
        ReadOnlySpan<byte> nonceKey,
        DateTimeOffset startedAt,
        RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(limits);
        TurnServerRules.Verify(limits);
        ArgumentNullException.ThrowIfNull(random);
        _limits = limits;
        _random = random;
        _nonceSecrets = new NonceSecrets(nonceKey, default, startedAt, limits.NonceLifetime);
        SetReplies(replies);
        Total = new TokenBucketPair(limits.BytesPerSecond);
    }

    /// <summary>How many allocations live in all loops.</summary>
    public int AllocationCount
    {
        get
        {
            lock (_gate)
            {
                return _allocations;
            }
        }
    }

    /// <summary>How many relay ports are given out or reserved.</summary>
    public int PortsInUse
    {
        get
        {
            lock (_gate)
            {
                int count = 0;
                foreach (RelayPortPool pool in _pools.Values)
                {
                    count += pool.InUse;
                }

                return count;
            }
        }
    }

    internal TokenBucketPair Total { get; }

    internal NonceSecrets NonceSecrets => _nonceSecrets;

    /// <summary>Changes the limits for everything that is asked for from now on.</summary>
    /// <param name="limits">The limits. A changed port range counts for new allocations only.</param>
    /// <param name="replies">The replies that unproven sources may cause; null for no limit.</param>
    public void Reconfigure(TurnServerLimits limits, ReplyRateLimit? replies)
    {
        ArgumentNullException.ThrowIfNull(limits);
        TurnServerRules.Verify(limits);
        lock (_gate)
        {
            _limits = limits;
            _nonceSecrets = _nonceSecrets.WithLifetime(limits.NonceLifetime);
            SetReplies(replies);
            Total.BytesPerSecond = limits.BytesPerSecond;
            foreach (AccountUsage account in _accounts.Values)
            {
                account.Bandwidth.BytesPerSecond = limits.BytesPerSecondPerUser;
            }
        }
    }

    /// <summary>Replaces the secret of nonces; what was issued with the one before stays valid for its time.</summary>
    /// <param name="nonceKey">32 bytes.</param>
    public void ChangeNonceKey(ReadOnlySpan<byte> nonceKey)
    {
        lock (_gate)
        {
            _nonceSecrets = _nonceSecrets.Change(nonceKey);
        }
    }

    /// <summary>How many allocations lived at once, at the most, since this was asked last: a crowd that came and went meanwhile is seen too.</summary>
    public int TakeMostAllocations()
    {
        lock (_gate)
        {
            int most = _mostAllocations;
            _mostAllocations = _allocations;
            return most;
        }
    }

    internal AllocationAdmission Admit(string account, TransportAddress source, out TokenBucketPair bandwidth)
    {
        TransportAddress network = SourceNetwork.Of(source);
        lock (_gate)
        {
            bandwidth = Total;
            if (_allocations >= _limits.Allocations)
            {
                return AllocationAdmission.ServerFull;
            }

            AccountUsage? usage = _accounts.GetValueOrDefault(account);
            if (usage?.Allocations >= _limits.AllocationsPerUser)
            {
                return AllocationAdmission.UserQuotaReached;
            }

            int fromSource = _sources.GetValueOrDefault(network);
            if (fromSource >= _limits.AllocationsPerSource)
            {
                return AllocationAdmission.SourceQuotaReached;
            }

            if (usage is null)
            {
                usage = new AccountUsage(_limits.BytesPerSecondPerUser);
                _accounts.Add(account, usage);
            }

            usage.Allocations++;
            _sources[network] = fromSource + 1;
            _allocations++;
            _mostAllocations = Math.Max(_mostAllocations, _allocations);
            bandwidth = usage.Bandwidth;
            return AllocationAdmission.Admitted;
        }
    }

    internal void Release(string account, TransportAddress source)
    {
        TransportAddress network = SourceNetwork.Of(source);
        lock (_gate)
        {
            _allocations--;
            if (--_accounts[account].Allocations == 0)
            {
                _accounts.Remove(account);
            }

            if (--_sources[network] == 0)
            {
                _sources.Remove(network);
            }
        }
    }

    internal bool TryTakePort(RelayProtocol protocol, TransportAddress local, PortPick pick, Instant now, out int port)
    {
        lock (_gate)
        {
            if (!_pools.TryGetValue((protocol, local.WithPort(0)), out RelayPortPool? pool))
            {
                pool = new RelayPortPool();
                _pools.Add((protocol, local.WithPort(0)), pool);
            }

            return pool.TryTake(_limits.FirstPort, _limits.LastPort, pick, _random, now, out port);
        }
    }

    /// <summary>Gives a port back; one that was never opened need not rest.</summary>
    internal void ReturnPort(RelayProtocol protocol, TransportAddress local, bool rests, Instant now)
    {
        lock (_gate)
        {
            _pools[(protocol, local.WithPort(0))].Return(local.Port, rests ? _limits.PortQuarantine : TimeSpan.Zero, now);
        }
    }

    internal void AddLiveRelay(TransportAddress relayed)
    {
        lock (_gate)
        {
            _liveRelays.Add(relayed);
        }
    }

    internal void RemoveLiveRelay(TransportAddress relayed)
    {
        lock (_gate)
        {
            _liveRelays.Remove(relayed);
        }
    }

    internal bool IsLiveRelay(TransportAddress peer)
    {
        lock (_gate)
        {
            return _liveRelays.Contains(peer);
        }
    }

    internal ReservationToken Reserve(PortReservation reservation)
    {
        Span<byte> bytes = stackalloc byte[ReservationToken.Size];
        lock (_gate)
        {
            while (true)
            {
                _random.GetBytes(bytes);
                var token = new ReservationToken(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes));
                if (_reservations.TryAdd(token, reservation))
                {
                    return token;
                }
            }
        }
    }

    /// <summary>Takes a reservation out; its port stays taken.</summary>
    internal bool TryClaim(ReservationToken token, string account, Instant now, out PortReservation reservation)
    {
        lock (_gate)
        {
            // Somebody else's token is as unknown as one that never was.
            return _reservations.TryGetValue(token, out reservation)
                && reservation.Expires > now
                && reservation.Account == account
                && _reservations.Remove(token);
        }
    }

    /// <summary>Takes a reservation out because its time is over, or its server's.</summary>
    internal bool TryCancel(ReservationToken token, out PortReservation reservation)
    {
        lock (_gate)
        {
            return _reservations.Remove(token, out reservation);
        }
    }

    internal bool TryTakeReply(TransportAddress source, bool proven, Instant now)
    {
        lock (_gate)
        {
            return (proven ? _provenReplies : _unprovenReplies)?.TryTake(source, now) ?? true;
        }
    }

    internal bool IsSilenced(TransportAddress source, bool unproven, Instant now)
    {
        lock (_gate)
        {
            return _provenFailures.IsSilenced(source, now) || (unproven && _unprovenFailures.IsSilenced(source, now));
        }
    }

    internal void CountFailure(TransportAddress source, bool proven, Instant now)
    {
        lock (_gate)
        {
            (proven ? _provenFailures : _unprovenFailures).Count(source, _limits.AuthenticationFailures, now);
        }
    }

    private void SetReplies(ReplyRateLimit? replies)
    {
        // Half of what the server sends to the unproven is kept for those that at least have a nonce of ours.
        ReplyRateLimit? half = replies is null ? null : replies with { GlobalPerSecond = Math.Max(1, replies.GlobalPerSecond / 2) };
        _unprovenReplies = half is null ? null : new ReplyRateLimiter(half);
        _provenReplies = half is null ? null : new ReplyRateLimiter(half);
    }

    private sealed class AccountUsage(long bytesPerSecond)
    {
        public int Allocations { get; set; }

        public TokenBucketPair Bandwidth { get; } = new(bytesPerSecond);
    }
}
