using System;

namespace Stack.Bench;

/// <summary>One line of the table: an operation of ours and the Go benchmark that it mirrors.</summary>
/// <param name="Name">The operation, in the words of the table.</param>
/// <param name="PionName">The Go benchmark's name without the prefix <c>Benchmark</c>.</param>
/// <param name="Run">Runs the operation <see cref="StunBenchmarks.Operations"/> times.</param>
internal sealed record SideBySideOperation(string Name, string PionName, Func<int> Run)
{
    public static SideBySideOperation[] All(StunBenchmarks benchmarks) =>
    [
        new("Decode, 28 bytes", "Decode", benchmarks.Decode),
        new("Walk 4 attributes", "Message_ForEach", benchmarks.ForEach),
        new("Build USERNAME, NONCE, REALM, FINGERPRINT", "BuildOverhead/Build", benchmarks.Build),
        new("Build XOR-MAPPED-ADDRESS, SOFTWARE, FINGERPRINT", "MessageFull", benchmarks.BuildResponse),
        new("FINGERPRINT add, over 44 bytes", "Fingerprint_AddTo", benchmarks.FingerprintAdd),
        new("FINGERPRINT check, over 44 bytes", "Fingerprint_Check", benchmarks.FingerprintCheck),
        new("MESSAGE-INTEGRITY add, over 20 bytes", "MessageIntegrity_AddTo", benchmarks.MessageIntegrityAdd),
        new("MESSAGE-INTEGRITY check, over 32 bytes", "MessageIntegrity_Check", benchmarks.MessageIntegrityCheck),
        new("XOR-MAPPED-ADDRESS add", "XORMappedAddress_AddTo", benchmarks.XorMappedAddressAdd),
        new("XOR-MAPPED-ADDRESS get", "XORMappedAddress_GetFrom", benchmarks.XorMappedAddressGet),
    ];
}
