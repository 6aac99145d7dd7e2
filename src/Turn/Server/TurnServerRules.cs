using System;
using System.Text;
using Stack.Stun;

namespace Stack.Turn;

/// <summary>What options and limits must be. Refused before anything is begun with them: otherwise it would fail on some client's request.</summary>
internal static class TurnServerRules
{
    private const int MaxCharacters = 127;

    public static void Verify(TurnServerOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.Realm, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Realm.Length, MaxCharacters, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Software?.Length ?? 0, MaxCharacters, nameof(options));
        foreach (RelayAddress address in options.RelayAddresses)
        {
            // A wildcard can neither be advertised nor kept to one family.
            if (address.Local.Family != address.Advertised.Family
                || address.Local.IsNone
                || address.Local.IsUnspecified
                || address.Advertised.IsUnspecified)
            {
                throw new ArgumentException($"No address to relay from: {address.Local}, advertised as {address.Advertised}.", nameof(options));
            }
        }

        foreach (AlternateServer server in options.AlternateServers)
        {
            if (server.Address.IsNone
                || server.Address.Port == 0
                || (server.Domain is { } domain && (domain.Length is 0 or > AlternateDomainAttribute.MaxSize || !Ascii.IsValid(domain))))
            {
                throw new ArgumentException($"No server to send clients to: {server.Address}.", nameof(options));
            }
        }

        Verify(options.Limits);
    }

    public static void Verify(TurnServerLimits limits)
    {
        ReadOnlySpan<int> counts =
        [
            limits.AllocationsPerUser, limits.AllocationsPerSource, limits.Allocations, limits.PermissionsPerAllocation,
            limits.ChannelsPerAllocation, limits.PeersPerRequest, limits.ConnectionsPerAllocation, limits.AuthenticationFailures,
            limits.FirstPort,
        ];
        foreach (int count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(limits));
        }

        ReadOnlySpan<TimeSpan> durations =
        [
            limits.DefaultLifetime, limits.NonceLifetime, limits.ReservationLifetime, limits.ConnectTimeout, limits.ConnectionBindTimeout,
        ];
        foreach (TimeSpan duration in durations)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero, nameof(limits));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limits.PortQuarantine, TimeSpan.Zero, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxLifetime, limits.DefaultLifetime, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.MaxLifetime, TimeSpan.FromSeconds(uint.MaxValue), nameof(limits));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.NonceLifetime, TimeSpan.FromHours(1), nameof(limits));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            limits.ChannelsPerAllocation, ChannelNumber.Max.Value - ChannelNumber.Min.Value + 1, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.LastPort, limits.FirstPort, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.LastPort, ushort.MaxValue, nameof(limits));
        ReadOnlySpan<long> rates = [limits.BytesPerSecondPerAllocation, limits.BytesPerSecondPerUser, limits.BytesPerSecond];
        foreach (long rate in rates)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rate, nameof(limits));
        }
    }
}
