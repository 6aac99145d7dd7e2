using System;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Stack.Stun;

namespace Stack.Bench;

/// <summary>
/// The codec's operations, each as pion/stun's own benchmark of it does it: the same attributes and sizes, prepared outside the loop where
/// pion prepares outside the loop. Every method runs its operation <see cref="Operations"/> times. The operation is never inlined into the
/// loop, so that the compiler cannot hoist work out of it.
/// </summary>
[MemoryDiagnoser]
public class StunBenchmarks : IDisposable
{
    public const int Operations = 1024;

    private static readonly TransactionId Id = TransactionId.Read("stack-bench1"u8);
    private static readonly TransportAddress ReflexiveAddress = TransportAddress.FromIPv4(0xD501DF05, 0);
    private static readonly TransportAddress LocalAddress = TransportAddress.FromIPv4(0xC0A80120, 3654);

    private readonly byte[] _buffer = new byte[120];
    private readonly IntegrityKey _key = new("password"u8);

    [Benchmark(OperationsPerInvoke = Operations)]
    public int Decode()
    {
        StunMessageWriter writer = Start();
        writer.Add(StunAttributeType.ErrorCode, [0xFF, 0xFE, 0xFA]);
        ReadOnlySpan<byte> datagram = writer.Written;
        int sum = 0;
        for (int i = 0; i < Operations; i++)
        {
            sum += Operation(datagram);
        }

        return sum;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static int Operation(ReadOnlySpan<byte> datagram) => (int)StunMessage.Decode(datagram, out StunMessage message) + message.Length;
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int ForEach()
    {
        StunMessageWriter writer = Start();
        writer.AddRealm("realm1"u8);
        writer.AddRealm("realm2"u8);
        writer.AddRealm("realm3"u8);
        writer.AddRealm("realm4"u8);
        StunMessage message = Decoded(writer.Written);
        int sum = 0;
        for (int i = 0; i < Operations; i++)
        {
            sum += Operation(message);
        }

        return sum;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static int Operation(in StunMessage message)
        {
            int size = 0;
            foreach (StunAttribute attribute in message)
            {
                if (attribute.Type == StunAttributeType.Realm)
                {
                    size += attribute.Value.Length;
                }
            }

            return size;
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int Build()
    {
        int sum = 0;
        for (int i = 0; i < Operations; i++)
        {
            sum += Operation(_buffer);
        }

        return sum;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static int Operation(Span<byte> buffer)
        {
            var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Id);
            writer.AddUsername("username"u8);
            writer.AddNonce("nonce"u8);
            writer.AddRealm("example.org"u8);
            writer.AddFingerprint();
            return writer.Length;
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int BuildResponse()
    {
        int sum = 0;
        for (int i = 0; i < Operations; i++)
        {
            sum += Operation(_buffer);
        }

        return sum;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static int Operation(Span<byte> buffer)
        {
            var writer = new StunMessageWriter(buffer, StunMessageType.BindingSuccessResponse, Id);
            writer.AddXorMappedAddress(ReflexiveAddress);
            writer.AddSoftware("software"u8);
            writer.AddFingerprint();
            return writer.Length;
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int FingerprintAdd()
    {
        StunMessageWriter prepared = Start();
        prepared.AddXorMappedAddress(ReflexiveAddress);
        prepared.AddSoftware("software"u8);
        int sum = 0;
        for (int i = 0; i < Operations; i++)
        {
            StunMessageWriter writer = prepared;
            sum += Operation(ref writer);
        }

        return sum;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static int Operation(ref StunMessageWriter writer)
        {
            writer.AddFingerprint();
            return writer.Length;
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int FingerprintCheck()
    {
        StunMessageWriter writer = Start();
        writer.AddXorMappedAddress(ReflexiveAddress);
        writer.AddSoftware("software"u8);
        writer.AddFingerprint();
        StunMessage message = Decoded(writer.Written);
        int right = 0;
        for (int i = 0; i < Operations; i++)
        {
            right += Operation(message) ? 1 : 0;
        }

        return Expect(right);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static bool Operation(in StunMessage message) => Fingerprint.Verify(message);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int MessageIntegrityAdd()
    {
        int sum = 0;
        for (int i = 0; i < Operations; i++)
        {
            sum += Operation(_buffer, _key);
        }

        return sum;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static int Operation(Span<byte> buffer, IntegrityKey key)
        {
            var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, Id);
            writer.AddMessageIntegrity(key);
            return writer.Length;
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int MessageIntegrityCheck()
    {
        StunMessageWriter writer = Start();
        writer.AddSoftware("software"u8);
        writer.AddMessageIntegrity(_key);
        StunMessage message = Decoded(writer.Written);
        int right = 0;
        for (int i = 0; i < Operations; i++)
        {
            right += Operation(message, _key) ? 1 : 0;
        }

        return Expect(right);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static bool Operation(in StunMessage message, IntegrityKey key) => MessageIntegrity.Verify(message, key);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int XorMappedAddressAdd()
    {
        StunMessageWriter prepared = Start();
        int sum = 0;
        for (int i = 0; i < Operations; i++)
        {
            StunMessageWriter writer = prepared;
            sum += Operation(ref writer, LocalAddress);
        }

        return sum;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static int Operation(ref StunMessageWriter writer, in TransportAddress address)
        {
            writer.AddXorMappedAddress(address);
            return writer.Length;
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int XorMappedAddressGet()
    {
        StunMessageWriter writer = Start();
        writer.AddXorMappedAddress(LocalAddress);
        StunMessage message = Decoded(writer.Written);
        int right = 0;
        for (int i = 0; i < Operations; i++)
        {
            right += Operation(message, out TransportAddress address) && address.Port == LocalAddress.Port ? 1 : 0;
        }

        return Expect(right);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static bool Operation(in StunMessage message, out TransportAddress address)
            => message.ReadXorMappedAddress(out address) == StunAttributeStatus.Present;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    private static StunMessage Decoded(ReadOnlySpan<byte> datagram)
        => StunMessage.Decode(datagram, out StunMessage message) == StunDecodeStatus.Ok
            ? message
            : throw new InvalidOperationException("The message of a benchmark does not decode.");

    private static int Expect(int right)
        => right == Operations ? right : throw new InvalidOperationException("An operation of a benchmark gave a wrong answer.");

    private StunMessageWriter Start() => new(_buffer, StunMessageType.BindingRequest, Id);
}
